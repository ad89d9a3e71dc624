import type { LogShipping } from '../../../shared/model/kit.ts';
import { syslogTarget } from '../../../shared/rules/kit.ts';

/** Where a log file is sent. */
export interface ShippingInput {
  readonly project: string;
  /** Name of the program, as it stands in the other system. */
  readonly program: 'mosquitto' | 'rabbitmq' | 'emqx';
  /** A path, or a pattern of several. */
  readonly logFile: string;
  readonly shipping: LogShipping;
  readonly target: string;
}

/** How a program writes the time before its message: as a regular expression (RE2) and as a layout of Go. */
const stamps = {
  mosquitto: { expression: '^(?P<time>\\S+): (?P<message>.*)$', layout: '2006-01-02T15:04:05-0700' },
  rabbitmq: { expression: '^(?P<time>\\S+ \\S+) (?P<message>.*)$', layout: '2006-01-02 15:04:05.000000-07:00' },
  emqx: { expression: '^(?P<time>\\S+) (?P<message>.*)$', layout: '2006-01-02T15:04:05.000000-07:00' },
} as const;

/** Messages of brokers in Erlang may have several lines; the first one begins with the year. */
const firstLine = '^[0-9]{4}-[0-9]{2}-';

/** The configuration of whoever reads the broker's log and sends it on; undefined where it stays on the machine. */
export function shippingFile(input: ShippingInput): { readonly name: string; readonly text: string } | undefined {
  if (input.shipping === 'loki') return { name: 'promtail.yaml', text: promtail(input) };
  if (input.shipping === 'syslog') return { name: 'rsyslog.conf', text: rsyslog(input) };
  return undefined;
}

/** Every text is quoted as JSON, which YAML 1.2 is a superset of. */
function promtail({ project, program, logFile, target }: ShippingInput): string {
  return `${[
    `# Written by Fieldkey for the project ${project}: Promtail reads the broker's log and sends it to Loki.`,
    "# Promtail needs to be in the broker's group to read it.",
    'server:',
    '  http_listen_address: 127.0.0.1',
    '  http_listen_port: 9080',
    '  grpc_listen_port: 0',
    'positions:',
    '  filename: /var/lib/promtail/positions.yaml',
    'clients:',
    `  - url: ${JSON.stringify(target)}`,
    'scrape_configs:',
    `  - job_name: ${JSON.stringify(program)}`,
    '    static_configs:',
    '      - targets: [localhost]',
    '        labels:',
    `          job: ${JSON.stringify(program)}`,
    `          project: ${JSON.stringify(project)}`,
    `          __path__: ${JSON.stringify(logFile)}`,
    '    pipeline_stages:',
    ...(program === 'mosquitto' ? [] : ['      - multiline:', `          firstline: '${firstLine}'`]),
    '      - regex:',
    `          expression: '${stamps[program].expression}'`,
    '      - timestamp:',
    '          source: time',
    `          format: '${stamps[program].layout}'`,
  ].join('\n')}\n`;
}

/** rsyslog's imfile and omfwd over TCP, with a queue that outlives a network that is away for a while. */
function rsyslog({ project, program, logFile, target }: ShippingInput): string {
  const { host, port } = syslogTarget(target);
  return `${[
    `# Written by Fieldkey for the project ${project}: rsyslog reads the broker's log and sends it on over TCP.`,
    '# It goes to /etc/rsyslog.d/. The line below is left out where another file there loads imfile already.',
    'module(load="imfile")',
    `input(type="imfile" File=${JSON.stringify(logFile)} Tag="${program}:" Severity="info" Facility="local6"`,
    ...(program === 'mosquitto' ? [] : [`      startmsg.regex="${firstLine}"`]),
    '      ruleset="fieldkey_mqtt")',
    'ruleset(name="fieldkey_mqtt") {',
    `  action(type="omfwd" target="${host}" port="${port}" protocol="tcp"`,
    '         queue.type="LinkedList" queue.filename="fieldkey_mqtt" queue.maxDiskSpace="256m"',
    '         queue.saveOnShutdown="on" action.resumeRetryCount="-1")',
    '}',
  ].join('\n')}\n`;
}
