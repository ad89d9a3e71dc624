import { access } from './en/access.ts';
import { acts } from './en/acts.ts';
import { app } from './en/app.ts';
import { audit } from './en/audit.ts';
import { authority } from './en/authority.ts';
import { broker } from './en/broker.ts';
import { checking } from './en/checking.ts';
import { checklist } from './en/checklist.ts';
import { checks } from './en/checks.ts';
import { common } from './en/common.ts';
import { connection } from './en/connection.ts';
import { connections } from './en/connections.ts';
import { credentials } from './en/credentials.ts';
import { devices } from './en/devices.ts';
import { doctor } from './en/doctor.ts';
import { due } from './en/due.ts';
import { errors } from './en/errors.ts';
import { exporting } from './en/exporting.ts';
import { fields } from './en/fields.ts';
import { importing } from './en/importing.ts';
import { intake } from './en/intake.ts';
import { jobs } from './en/jobs.ts';
import { lint } from './en/lint.ts';
import { log } from './en/log.ts';
import { overview } from './en/overview.ts';
import { palette } from './en/palette.ts';
import { practice } from './en/practice.ts';
import { profile } from './en/profile.ts';
import { publishing } from './en/publishing.ts';
import { recordings } from './en/recordings.ts';
import { rules } from './en/rules.ts';
import { safety } from './en/safety.ts';
import { settings } from './en/settings.ts';
import { simulation } from './en/simulation.ts';
import { tester } from './en/tester.ts';
import { wizard } from './en/wizard.ts';

/** English is the reference: its keys type `t()`, and every other language must have exactly these. */
export const en = {
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
export type Words = typeof en;
