import { type About, aboutReport } from '../../ui/diagnosis-words.ts';
import type { Run } from './run-store.ts';

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
  return { kind, id: (report && aboutReport(report).id) || typed[kind], host: choice.host.trim(), port: Number(choice.port) };
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
