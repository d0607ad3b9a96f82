import { Parser } from '@asyncapi/parser';
import { commandNames } from '../commands.ts';
import { errorCodes } from '../errors.ts';
import { asyncApiDocument } from './asyncapi-document.ts';
import { commandsMarkdown } from './commands-markdown.ts';

test('the description of the topics is valid AsyncAPI, by the official parser', async () => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApiDocument('1.2.3')));
  expect(diagnostics.filter((one) => one.severity === 0).map((one) => `${one.path.join('.')}: ${one.message}`)).toEqual(
    [],
  );
  const addresses = document
    ?.channels()
    .all()
    .map((channel) => channel.address());
  expect(addresses).toEqual(
    expect.arrayContaining(['nvr/control/commands', 'nvr/detections/{source_id}', 'nvr/incidents/{incident_id}']),
  );
});

test('every command and every error code has its line in the table', () => {
  const text = commandsMarkdown();
  for (const name of [...commandNames, ...Object.keys(errorCodes)]) {
    expect(text).toContain(`\n| \`${name}\` |`);
  }
});
