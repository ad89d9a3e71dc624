import type { DoctorReport } from '../../../../shared/model/doctor.ts';
import type { Run } from './run-store.ts';
import type { About } from './words.ts';

/** Whom and what place a run is about; the report knows names that the choice does not. */
export function aboutOf({ choice, report }: Pick<Run, 'choice' | 'report'>): About {
  const { kind, device, own, certificate, username } = choice;
  const typed = {
    observer: '',
    device: device?.id ?? '',
    own: own?.name ?? '',
    files: nameOf(certificate),
    password: username,
    none: '',
  };
  return { kind, id: (report && nameIn(report)) || typed[kind], host: choice.host.trim(), port: Number(choice.port) };
}

/** A connection has the name that it was given, whatever its certificate says. */
export function nameIn({ identity }: Pick<DoctorReport, 'identity'>): string {
  return identity.connection?.name ?? identity.id;
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
