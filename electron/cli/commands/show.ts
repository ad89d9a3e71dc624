import { FieldkeyError } from '../../../shared/errors.ts';
import { foldDeviceId } from '../../../shared/rules/device-id.ts';
import { deviceDetail } from '../../authority/device-view.ts';
import { projectById } from '../../authority/lookup.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import { grouped, utc } from '../output.ts';

/** `fieldkey show DEVICE --vault FILE` */
export async function showCommand(context: CommandContext, id: string, options: { project?: string }): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const project = options.project === undefined ? null : projectNamed(session, options.project).id;
    const found = session.tables.device
      .where('name_folded = ? ORDER BY project_id', foldDeviceId(id))
      .filter((d) => project === null || d.project_id === project);
    if (found.length === 0) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: id });
    const devices = found.map((row) => ({
      project: projectById(session, row.project_id).name,
      ...deviceDetail(session, row.id, session.now()),
    }));
    for (const { project: name, device, certificates, write, read } of devices) {
      output.say(`${device.id}  (project ${name}, role ${device.role}, ${device.state})`);
      output.say(`  may write  ${write.join(', ') || '-'}`);
      output.say(`  may read   ${read.join(', ') || '-'}`);
      for (const c of certificates) {
        output.say(`  certificate ${grouped(c.serial)}  ${c.state}`);
        output.say(`    subject      ${c.subjectName}`);
        output.say(`    issuer       ${c.issuerName}`);
        output.say(`    key          ${c.keyAlgorithm}`);
        output.say(`    valid        ${utc(c.notBefore)} to ${utc(c.notAfter)}`);
        if (c.revokedAt !== null)
          output.say(`    ${(c.state === 'hold' ? 'on hold' : 'revoked').padEnd(13)}${utc(c.revokedAt)}, ${c.revocationReason}`);
        output.say(`    SHA-256      ${grouped(c.fingerprint)}`);
      }
    }
    output.result({ devices });
  });
}
