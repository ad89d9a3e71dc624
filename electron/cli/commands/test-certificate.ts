import { FieldkeyError } from '../../../shared/errors.ts';
import { foldDeviceId } from '../../../shared/rules/device-id.ts';
import { brokerOf } from '../../authority/lookup.ts';
import { writeTestCertificate } from '../../jobs/write-test-certificate.ts';
import { authorityKey } from '../authority-key.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import { utc } from '../output.ts';

/**
 * `fieldkey test-certificate PROJECT DEVICE --out DIR`: a certificate for a day, to test as a device that keeps its key itself.
 * @throws as `writeTestCertificate`
 */
export async function testCertificateCommand(
  context: CommandContext,
  name: string,
  device: string,
  options: { readonly out: string; readonly key?: string },
): Promise<void> {
  const { output } = context;
  const directory = context.path(options.out);
  await withVault(context, false, async (session) => {
    const project = projectNamed(session, name);
    const [found] = session.tables.device.where('project_id = ? AND name_folded = ?', project.id, foldDeviceId(device));
    if (!found) throw new FieldkeyError('DEVICE_NOT_FOUND', { device });
    const row = await authorityKey(context, session, project.id, options, (handed) =>
      writeTestCertificate(session, project.id, found.id, directory, handed),
    );
    const serial = row.serial.toString('hex');
    output.say(`Test certificate of ${found.name} written to ${directory}, valid until ${utc(row.not_after)}, serial ${serial}.`);
    output.say('The broker takes whoever has it for the device, and throws the device out meanwhile. It is not exported.');
    const broker = brokerOf(session, project.id)?.parsed;
    const host = broker?.names[0] ?? broker?.addresses[0] ?? 'BROKER';
    const files = ['--cafile ca.crt', '--cert client.crt', '--key client.key'].map((part) =>
      part.replace(/ (.*)/, ` ${directory}/$1`),
    );
    output.say(`  mosquitto_sub -h ${host} -p ${broker?.port ?? 8883} ${files.join(' ')} -t '#' -v`);
    output.say(`No longer needed: fieldkey revoke ${project.name} ${serial}`);
    output.result({ device: found.name, directory, serial, notAfter: row.not_after });
  });
}
