/**
 * Exports two versions in turn for ever and says when each is done; crash tests kill it at random moments.
 * Arguments: folder, number of devices.
 */
import { writeExport } from '../write-export.ts';
import { sampleExport } from './sample-export.ts';

const [parent = '', devices = '0'] = process.argv.slice(2);
for (let round = 0; ; round++) {
  const version = round % 2 === 0 ? 'A' : 'B';
  process.stdout.write(`start ${version}\n`);
  await writeExport({ parent, name: 'lab', files: sampleExport(version, Number(devices)) });
  process.stdout.write(`done ${version}\n`);
}
