import { render } from 'preact';
import { App } from './app.tsx';
import { registerWorker } from './push/register-worker.ts';

const place = document.getElementById('app');
if (place !== null) {
  render(<App />, place);
}
registerWorker();
