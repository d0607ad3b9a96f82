import { brokerTable, healthTable } from '../src/common-settings.ts';
import { setting } from '../src/setting-schemas.ts';
import { defineSettings } from '../src/settings.ts';

/** The settings that every service has, and what a test wants the service to do. */
export const testSettings = defineSettings('vigilia test', 'A service of the tests.', {
  behaviour: {
    flag: '--behaviour <words>',
    schema: setting.textList(),
    default: [] as string[],
    describe: 'What it does at start and at stop',
  },
  ...brokerTable,
  ...healthTable,
  instanceId: { flag: '--instance-id <id>', schema: setting.text(), default: 'test', describe: 'Its name' },
  logLevel: { flag: '--log-level <level>', schema: setting.text(), default: 'info', describe: 'Level of its log' },
});
