import { z } from 'zod';
import { type AccessRule, defaultAccess } from '../model/access.ts';
import { type BrokerSettings, brokerCertificateSources, brokerTargets, foldersOf } from '../model/broker.ts';
import type { DeviceRequest } from '../model/device.ts';
import { keyAlgorithms } from '../model/key.ts';
import type { ProvisionPlan } from '../model/plan.ts';
import { type Problem, problem } from '../problems.ts';
import { checkAccessForTarget } from './access-target.ts';
import { checkBrokerFolders, checkBrokerPath } from './broker-path.ts';
import { checkKitForTarget, checkNameForTarget, checkTopicsForTarget } from './broker-target.ts';
import { plainExceptions, plainRule } from './device-access.ts';
import { checkDeviceId, foldDeviceId } from './device-id.ts';
import { checkHostName, checkIpAddress } from './host.ts';
import { checkKit, kitSchema } from './kit.ts';
import { expandPattern } from './pattern.ts';
import { checkProjectName } from './project-name.ts';
import { checkRoleName } from './role-name.ts';
import { checkTopicTemplate } from './topic.ts';
import { problemsOfZod, ruled, whole } from './zod-problems.ts';

/** One laptop provisions a fleet, not a country: beyond this the answer is several projects. */
export const fleetMaximum = 250_000;

/** Half of a surrogate pair has no UTF-8; String.isWellFormed is newer than the oldest runtime we start on. */
const isWellFormed = (text: string) => !/[\ud800-\udfff]/u.test(text);

/** RFC 5280 upper bounds (Appendix A.1), in characters; control characters would travel into certificates and shells. */
export const dnText = (maximum: number) =>
  ruled(z.string(), (text) => {
    const length = [...text].length;
    if (text.trim() === '') return [problem('missing', {})];
    if (!isWellFormed(text)) return [problem('text-broken', {})];
    if (length > maximum) return [problem('too-long', { maximum, length })];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return /[\u0000-\u001f\u007f-\u009f]/.test(text) ? [problem('control-character', {})] : [];
  });

export const country = ruled(z.string(), (code) => (/^[A-Z]{2}$/.test(code) ? [] : [problem('country-code', {})]));
export const deviceDays = whole(90, 3650);
/** CA/Browser Forum's limit of 2018; several TLS stacks refuse longer ones. */
export const brokerDays = whole(1, 825);
export const brokerPort = whole(1, 65_535);
const deviceId = ruled(z.string(), checkDeviceId);
/** The ids of one pattern are alike: its first bad one says it all. */
const devicePattern = ruled(z.string(), (pattern) => {
  const expanded = expandPattern(pattern);
  if ('problems' in expanded) return expanded.problems;
  return expanded.ids.map(checkDeviceId).find((problems) => problems.length > 0) ?? [];
});
const path = ruled(z.string(), checkBrokerPath);
const topic = ruled(z.string(), checkTopicTemplate);
const role = ruled(z.string(), checkRoleName);

export const planSchema = z.strictObject({
  project: ruled(z.string(), checkProjectName),
  subject: z
    .strictObject({
      country: country.optional(),
      state: dnText(128).optional(),
      city: dnText(128).optional(),
      organisation: dnText(64).optional(),
      organisationalUnit: dnText(64).optional(),
    })
    .default({}),
  authority: z
    .strictObject({ key: z.enum(keyAlgorithms).default('p256'), years: whole(1, 20).default(10) })
    .default({ key: 'p256', years: 10 }),
  broker: z.strictObject({
    names: z.array(ruled(z.string(), checkHostName)).default([]),
    addresses: z.array(ruled(z.string(), checkIpAddress)).default([]),
    port: brokerPort.default(8883),
    target: z.enum(brokerTargets).default('mosquitto-2.0'),
    // left out: the folders of the software's package
    directory: path.optional(),
    data: path.optional(),
    log: path.optional(),
    days: brokerDays.default(397),
    kit: kitSchema.prefault({}),
  }),
  /** Of a new project; one that there is already keeps what it has. */
  brokerCertificate: z.enum(brokerCertificateSources).optional(),
  devices: z
    .array(
      z.union([
        z.strictObject({ id: deviceId, role: role.default('device') }),
        z.strictObject({ pattern: devicePattern, role: role.default('device') }),
      ]),
    )
    .default([]),
  deviceDays: deviceDays.default(365),
  access: z
    .array(
      z.strictObject({
        role,
        write: z.array(topic).default([]),
        read: z.array(topic).default([]),
        deny: z.array(topic).readonly().optional(),
      }),
    )
    .optional(),
  /** Left out: those that there are stay. */
  exceptions: z
    .array(
      z.strictObject({
        device: deviceId,
        write: z.array(topic).default([]),
        read: z.array(topic).default([]),
        deny: z.array(topic).default([]),
      }),
    )
    .optional(),
});

/** The plan as people write it. */
export type PlanInput = z.input<typeof planSchema>;

/**
 * Checks a plan as read from JSON, fills in the defaults and expands the patterns.
 * Gives the plan, or every problem in it with its path (`devices[3].id`); nothing is judged half.
 */
export function checkPlan(input: unknown): { readonly plan: ProvisionPlan } | { readonly problems: readonly Problem[] } {
  const parsed = planSchema.safeParse(input);
  if (!parsed.success) return { problems: problemsOfZod(parsed.error, input) };
  const { devices: entries, access, exceptions, broker: given, ...rest } = parsed.data;
  const folders = foldersOf(given.target, given.kit.form);
  const broker: BrokerSettings = {
    ...given,
    directory: given.directory ?? folders.directory,
    data: given.data ?? folders.data,
    log: given.log ?? folders.log,
  };
  const { target } = broker;
  const expanded = expandDevices(entries);
  const rules: readonly AccessRule[] = access?.map(plainRule) ?? defaultAccess;
  const problems = [
    ...expanded.problems,
    ...(broker.names.length + broker.addresses.length === 0 ? [problem('broker-unreachable', {}, 'broker')] : []),
    ...checkBrokerFolders({ directory: broker.directory, data: broker.data, log: broker.log }),
    ...checkKit(broker.kit).map((found) => ({ ...found, path: `broker.kit.${found.path}` })),
    ...checkAccessForTarget(rules, target),
    ...checkTopicsForTarget(rules, exceptions ?? [], target),
    ...checkKitForTarget(broker.kit, target).map((found) => ({ ...found, path: `broker.kit.${found.path}` })),
    ...checkNameForTarget(rest.project, target, 'project'),
    ...entries.flatMap((entry, index) =>
      'id' in entry
        ? checkNameForTarget(entry.id, target, `devices[${index}].id`)
        : checkNameForTarget(entry.pattern.replace(/\{[^}]*\}/g, ''), target, `devices[${index}].pattern`),
    ),
    ...duplicates(
      broker.names.map((n) => n.toLowerCase()),
      'broker.names',
    ),
    ...duplicates(
      broker.addresses.map((a) => a.toLowerCase()),
      'broker.addresses',
    ),
    ...duplicates(
      rules.map((r) => r.role),
      'access',
      '.role',
    ),
    ...duplicates(
      (exceptions ?? []).map(({ device }) => foldDeviceId(device)),
      'exceptions',
      '.device',
    ),
    ...rolesWithoutAccess(entries, rules),
  ];
  if (problems.length > 0) return { problems };
  return {
    plan: { ...rest, broker, devices: expanded.devices, access: rules, exceptions: exceptions && plainExceptions(exceptions) },
  };
}

function expandDevices(entries: z.output<typeof planSchema>['devices']): { devices: DeviceRequest[]; problems: Problem[] } {
  const devices: DeviceRequest[] = [];
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  entries.forEach((entry, index) => {
    const where = `devices[${index}].${'id' in entry ? 'id' : 'pattern'}`;
    const expanded = 'id' in entry ? { ids: [entry.id] } : expandPattern(entry.pattern);
    for (const id of 'ids' in expanded ? expanded.ids : []) {
      const other = seen.get(foldDeviceId(id));
      if (other !== undefined) problems.push(problem('duplicate', { value: id, other }, where));
      seen.set(foldDeviceId(id), where);
      devices.push({ id, role: entry.role });
    }
  });
  if (devices.length > fleetMaximum) problems.push(problem('fleet-too-large', { maximum: fleetMaximum }, 'devices'));
  return { devices, problems: problems.slice(0, 100) };
}

function duplicates(values: readonly string[], path: string, field = ''): Problem[] {
  const first = new Map<string, number>();
  return values.flatMap((value, index) => {
    const other = first.get(value);
    if (other === undefined) {
      first.set(value, index);
      return [];
    }
    return [problem('duplicate', { value, other: `${path}[${other}]${field}` }, `${path}[${index}]${field}`)];
  });
}

/** A device whose role has no topics would be issued and could do nothing: that is a forgotten rule, not a wish. */
function rolesWithoutAccess(entries: readonly { readonly role: string }[], rules: readonly AccessRule[]): Problem[] {
  return entries.flatMap((entry, index) => {
    const rule = rules.find((r) => r.role === entry.role);
    if (!rule) return [problem('role-unknown', { role: entry.role }, `devices[${index}].role`)];
    return rule.write.length + rule.read.length === 0
      ? [problem('access-none', { role: entry.role }, `devices[${index}].role`)]
      : [];
  });
}
