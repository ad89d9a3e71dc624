import type { ExportFile } from '../../../shared/model/bundle.ts';

/** An export of `devices` folders with two files each; every content says which `version` it is of. */
export function* sampleExport(version: string, devices: number): Generator<ExportFile> {
  const encoder = new TextEncoder();
  yield { path: 'broker/acl', content: encoder.encode(`acl ${version}\n`), secret: false };
  for (let n = 0; n < devices; n++) {
    const folder = `devices/meter-${String(n).padStart(5, '0')}`;
    yield { path: `${folder}/client.key`, content: encoder.encode(`key ${n} ${version}\n`.repeat(30)), secret: true };
    yield { path: `${folder}/mqtt.json`, content: encoder.encode(`json ${n} ${version}\n`.repeat(100)), secret: false };
  }
}
