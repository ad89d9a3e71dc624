import { access } from './de/access.ts';
import { acts } from './de/acts.ts';
import { app } from './de/app.ts';
import { audit } from './de/audit.ts';
import { authority } from './de/authority.ts';
import { broker } from './de/broker.ts';
import { checking } from './de/checking.ts';
import { checklist } from './de/checklist.ts';
import { checks } from './de/checks.ts';
import { common } from './de/common.ts';
import { connection } from './de/connection.ts';
import { connections } from './de/connections.ts';
import { credentials } from './de/credentials.ts';
import { devices } from './de/devices.ts';
import { doctor } from './de/doctor.ts';
import { due } from './de/due.ts';
import { errors } from './de/errors.ts';
import { exporting } from './de/exporting.ts';
import { fields } from './de/fields.ts';
import { importing } from './de/importing.ts';
import { intake } from './de/intake.ts';
import { jobs } from './de/jobs.ts';
import { lint } from './de/lint.ts';
import { log } from './de/log.ts';
import { overview } from './de/overview.ts';
import { palette } from './de/palette.ts';
import { practice } from './de/practice.ts';
import { profile } from './de/profile.ts';
import { publishing } from './de/publishing.ts';
import { recordings } from './de/recordings.ts';
import { rules } from './de/rules.ts';
import { safety } from './de/safety.ts';
import { settings } from './de/settings.ts';
import { simulation } from './de/simulation.ts';
import { tester } from './de/tester.ts';
import { wizard } from './de/wizard.ts';
import type { Words } from './en.ts';

export const de: Words = {
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
