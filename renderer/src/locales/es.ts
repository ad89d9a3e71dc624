import type { Words } from './en.ts';
import { access } from './es/access.ts';
import { acts } from './es/acts.ts';
import { app } from './es/app.ts';
import { audit } from './es/audit.ts';
import { authority } from './es/authority.ts';
import { broker } from './es/broker.ts';
import { checking } from './es/checking.ts';
import { checklist } from './es/checklist.ts';
import { checks } from './es/checks.ts';
import { common } from './es/common.ts';
import { connection } from './es/connection.ts';
import { connections } from './es/connections.ts';
import { credentials } from './es/credentials.ts';
import { devices } from './es/devices.ts';
import { doctor } from './es/doctor.ts';
import { due } from './es/due.ts';
import { errors } from './es/errors.ts';
import { exporting } from './es/exporting.ts';
import { fields } from './es/fields.ts';
import { importing } from './es/importing.ts';
import { intake } from './es/intake.ts';
import { jobs } from './es/jobs.ts';
import { lint } from './es/lint.ts';
import { log } from './es/log.ts';
import { overview } from './es/overview.ts';
import { palette } from './es/palette.ts';
import { practice } from './es/practice.ts';
import { profile } from './es/profile.ts';
import { publishing } from './es/publishing.ts';
import { recordings } from './es/recordings.ts';
import { rules } from './es/rules.ts';
import { safety } from './es/safety.ts';
import { settings } from './es/settings.ts';
import { simulation } from './es/simulation.ts';
import { tester } from './es/tester.ts';
import { wizard } from './es/wizard.ts';
import { withMany } from './many.ts';

const words: Words = {
  access,
  acts,
  app,
  audit,
  authority,
  broker,
  common,
  connection,
  connections,
  credentials,
  devices,
  doctor,
  due,
  errors,
  exporting,
  fields,
  checking,
  checklist,
  checks,
  importing,
  intake,
  jobs,
  lint,
  log,
  overview,
  palette,
  practice,
  profile,
  recordings,
  publishing,
  rules,
  safety,
  settings,
  simulation,
  tester,
  wizard,
};
export const es: Words = withMany(words);
