import { devicesOf } from '../../authority/device-view.ts';
import { settingsOf } from '../../authority/lookup.ts';
import { listProjects, projectOverview } from '../../authority/project-view.ts';
import { type CommandContext, projectNamed, withVault } from '../context.ts';
import { utc } from '../output.ts';

/** `fieldkey list --vault FILE` */
export async function listCommand(context: CommandContext, options: { project?: string }): Promise<void> {
  const { output } = context;
  await withVault(context, false, async (session) => {
    const now = session.now();
    const only = options.project === undefined ? null : projectNamed(session, options.project).id;
    const projects = listProjects(session)
      .filter((p) => only === null || p.projectId === only)
      .map((p) => ({ overview: projectOverview(session, p.projectId, now), devices: devicesOf(session, p.projectId, now) }));
    if (projects.length === 0) output.say('No project yet. "provision" makes one from a plan.');
    for (const { overview, devices } of projects) {
      output.say(
        `${overview.name}: ${devices.length} devices, broker ${[...(overview.broker?.names ?? []), ...(overview.broker?.addresses ?? [])].join(', ')}`,
      );
      const imported = settingsOf(session, overview.projectId).imported?.authorities ?? [];
      for (const { authorityId, name, certificate, crl } of overview.authorities) {
        output.say(
          `  ${name}${imported.includes(authorityId) ? ' (imported)' : ''}, until ${utc(certificate.notAfter)}${crl ? `; revocation list ${crl.number} until ${utc(crl.nextUpdate)}` : ''}`,
        );
      }
      for (const d of devices) {
        if (!d.trusted) {
          output.say(`  ${d.id.padEnd(24)} cannot be trusted: changed outside the program`);
          continue;
        }
        output.say(
          `  ${d.id.padEnd(24)} ${d.role.padEnd(10)} ${d.state.padEnd(9)} ${d.notAfter === null ? '' : `until ${utc(d.notAfter)}`}  ${d.serial ?? ''}`,
        );
      }
    }
    output.result({ projects: projects.map(({ overview, devices }) => ({ ...overview, devices })) });
  });
}
