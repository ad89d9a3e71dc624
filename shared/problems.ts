/**
 * What a pure check says about one input: which rule, where, and the values that a sentence about it needs.
 * No words here: the window and the command line each hold an exhaustive table rule → sentence.
 */

/** Rule → the names of its parameters. */
export const ruleParams = {
  'unknown-key': ['key'],
  missing: [],
  type: ['expected'],
  choice: ['choices'],
  'too-short': ['minimum'],
  'too-long': ['maximum', 'length'],
  'number-range': ['minimum', 'maximum'],
  integer: [],
  duplicate: ['value', 'other'],
  'control-character': [],
  'password-spaces': [],
  'country-code': [],
  'project-name': ['value'],
  'device-id-characters': ['value', 'characters'],
  'device-id-length': ['value', 'maximum'],
  'device-id-dot': ['value'],
  'device-id-windows': ['value'],
  'device-id-reserved': ['value'],
  'pattern-form': ['value'],
  'pattern-range': ['value'],
  'pattern-size': ['value', 'maximum'],
  'host-name': ['value'],
  'host-wildcard': ['value'],
  'host-is-address': ['value'],
  'ip-address': ['value'],
  'ip-unspecified': ['value'],
  'broker-unreachable': [],
  'topic-empty': [],
  'topic-too-long': ['maximum'],
  'topic-character': [],
  'topic-plus': ['value'],
  'topic-hash': ['value'],
  'topic-placeholder': ['value', 'placeholder'],
  'topic-percent': ['value'],
  'topic-spaces': ['value'],
  'role-unknown': ['role'],
  'role-name': ['value'],
  'exception-device': ['device'],
  'shares-already': ['device'],
  'shares-target': [],
  'access-none': ['role'],
  'path-absolute': ['value'],
  'path-characters': ['value'],
  'path-shared': ['value'],
  'path-inside': ['value', 'other'],
  'topic-wildcard': ['value'],
  'bytes-hex': [],
  'bytes-base64': [],
  /** Something in double braces that is no variable. */
  variable: ['value'],
  json: [],
  'json-path': ['value'],
  'check-variable': ['value'],
  'check-code-qos': [],
  'check-refused-arrives': [],
  'check-name': ['value'],
  'url-path': ['value'],
  'session-needs-id': [],
  'identity-needs-tls': [],
  'topic-part-level': ['value'],
  'rabbitmq-separator': ['value'],
  'kit-target': ['value'],
  'cipher-names': ['value'],
  'text-broken': [],
  'fixed-after-creation': ['stored', 'planned'],
  'cipher-list': ['value'],
  'cipher-suite': ['value', 'choices'],
  network: ['value'],
  'network-host-bits': ['value', 'network'],
  'network-everybody': ['value'],
  'log-target': ['value'],
  'fleet-too-large': ['maximum'],
  'date-range': ['earliest', 'latest'],
} as const satisfies Record<string, readonly string[]>;

export type Rule = keyof typeof ruleParams;
export type RuleParams<R extends Rule> = { readonly [K in (typeof ruleParams)[R][number]]: string | number };

/** One finding. `path` is where in the input, as people write it: `devices[3].id`; empty for a single value. */
export interface Problem {
  readonly path: string;
  readonly rule: Rule;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Builds a problem with the parameters that its rule names, checked by the compiler. */
export function problem<R extends Rule>(rule: R, params: RuleParams<R>, path = ''): Problem {
  return { path, rule, params };
}
