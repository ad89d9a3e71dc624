import type { RestWords } from '../en/rest.ts';
import { withMany } from '../many.ts';
import { access } from './access.ts';
import { acts } from './acts.ts';
import { audit } from './audit.ts';
import { authority } from './authority.ts';
import { broker } from './broker.ts';
import { checking } from './checking.ts';
import { checklist } from './checklist.ts';
import { checks } from './checks.ts';
import { connection } from './connection.ts';
import { connections } from './connections.ts';
import { credentials } from './credentials.ts';
import { devices } from './devices.ts';
import { doctor } from './doctor.ts';
import { due } from './due.ts';
import { exporting } from './exporting.ts';
import { fields } from './fields.ts';
import { importing } from './importing.ts';
import { jobs } from './jobs.ts';
import { lint } from './lint.ts';
import { log } from './log.ts';
import { overview } from './overview.ts';
import { palette } from './palette.ts';
import { publishing } from './publishing.ts';
import { recordings } from './recordings.ts';
import { settings } from './settings.ts';
import { simulation } from './simulation.ts';
import { tester } from './tester.ts';
import { wizard } from './wizard.ts';

const words: RestWords = {
  access,
  acts,
  audit,
  authority,
  broker,
  connection,
  connections,
  credentials,
  devices,
  doctor,
  due,
  exporting,
  fields,
  checking,
  checklist,
  checks,
  importing,
  jobs,
  lint,
  log,
  overview,
  palette,
  recordings,
  publishing,
  settings,
  simulation,
  tester,
  wizard,
};
export const rest: RestWords = withMany(words);
