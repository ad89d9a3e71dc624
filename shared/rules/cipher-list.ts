/**
 * OpenSSL's cipher list (openssl-ciphers(1)) as the names of suites: brokers in Erlang (RabbitMQ, EMQX) take names only.
 * Of all suites these are the ones that such a broker has for a certificate with an RSA or elliptic key.
 */
interface Suite {
  readonly name: string;
  readonly words: ReadonlySet<string>;
  /** Bits of the key, for `@STRENGTH`. */
  readonly bits: number;
}

const everywhere = ['ALL', 'HIGH'];

function suite(name: string, exchange: 'ECDHE' | 'DHE' | 'RSA', signs: 'ECDSA' | 'RSA', cipher: string, mac: string): Suite {
  const bits = cipher.startsWith('AES128') ? 128 : 256;
  const chacha = cipher === 'CHACHA20';
  const kind = cipher.replace(/^AES\d+/, '');
  const newer = kind !== '' || chacha || mac === 'SHA256' || mac === 'SHA384';
  const words = [
    ...everywhere,
    name,
    ...(exchange === 'ECDHE' ? ['ECDHE', 'EECDH', 'kECDHE', 'kEECDH'] : []),
    ...(exchange === 'DHE' ? ['DHE', 'EDH', 'kDHE', 'kEDH', 'DH'] : []),
    ...(exchange === 'RSA' ? ['RSA', 'kRSA'] : []),
    ...(exchange === 'ECDHE' ? ['ECDH'] : []),
    ...(signs === 'ECDSA' ? ['ECDSA', 'aECDSA'] : ['aRSA']),
    ...(chacha ? ['CHACHA20'] : ['AES', `AES${bits}`]),
    ...(kind === 'GCM' ? ['AESGCM'] : kind === 'CCM' ? ['AESCCM'] : kind === 'CCM8' ? ['AESCCM', 'AESCCM8'] : []),
    // with authenticated encryption the hash in a name is not the one of the message
    ...(kind === '' && !chacha ? (mac === 'SHA' ? ['SHA', 'SHA1'] : [mac]) : []),
    newer ? 'TLSv1.2' : exchange === 'ECDHE' ? 'TLSv1.0' : 'SSLv3',
  ];
  return { name, words: new Set(words), bits };
}

/** In the order in which OpenSSL offers them: those without forward secrecy are the last. */
const suites: readonly Suite[] = [
  ...['AES256-GCM-SHA384', 'CHACHA20-POLY1305', 'AES256-CCM8', 'AES256-CCM', 'AES128-GCM-SHA256', 'AES128-CCM8', 'AES128-CCM'],
  ...['AES256-SHA384', 'AES256-SHA256', 'AES128-SHA256', 'AES256-SHA', 'AES128-SHA'],
]
  .flatMap((rest): Suite[] => {
    const [cipher, mac] = partsOf(rest);
    const ccm = rest.includes('CCM');
    const also = (when: boolean, made: () => Suite) => (when ? [made()] : []);
    return [
      ...also(rest !== 'AES256-SHA256', () => suite(`ECDHE-ECDSA-${rest}`, 'ECDHE', 'ECDSA', cipher, mac)),
      ...also(!ccm && rest !== 'AES256-SHA256', () => suite(`ECDHE-RSA-${rest}`, 'ECDHE', 'RSA', cipher, mac)),
      ...also(!ccm && rest !== 'AES256-SHA384', () => suite(`DHE-RSA-${rest}`, 'DHE', 'RSA', cipher, mac)),
      ...also(!ccm && rest !== 'AES256-SHA384' && cipher !== 'CHACHA20', () => suite(rest, 'RSA', 'RSA', cipher, mac)),
    ];
  })
  .toSorted((a, b) => Number(a.words.has('kRSA')) - Number(b.words.has('kRSA')));

/** `AES128-GCM-SHA256` → [`AES128GCM`, `SHA256`] */
function partsOf(rest: string): [string, string] {
  const parts = rest.split('-');
  if (parts[0] === 'CHACHA20') return ['CHACHA20', 'SHA256'];
  const mac = parts.at(-1) ?? '';
  return mac.startsWith('SHA') ? [parts.slice(0, -1).join(''), mac] : [parts.join(''), 'SHA256'];
}

/** Words for suites that such a broker does not have: adding them adds nothing, taking them away takes nothing. */
const foreign = new Set([
  ...['aNULL', 'eNULL', 'NULL', 'ADH', 'AECDH', 'aDSS', 'DSS', 'PSK', 'kPSK', 'kDHEPSK', 'kECDHEPSK', 'kRSAPSK', 'aPSK', 'SRP'],
  ...['aSRP', 'kSRP', 'MD5', 'RC4', 'RC2', 'IDEA', 'SEED', 'DES', '3DES', 'CAMELLIA', 'CAMELLIA128', 'CAMELLIA256', 'ARIA'],
  ...['ARIA128', 'ARIA256', 'ARIAGCM', 'LOW', 'MEDIUM', 'EXP', 'EXPORT', 'EXPORT40', 'EXPORT56', 'GOST94', 'GOST89MAC', 'aGOST'],
  ...['kGOST', 'GOST', 'CBC', 'COMPLEMENTOFALL', 'kDHd', 'kDHr', 'aDH', 'kDH', 'kECDHr', 'kECDHe', 'aECDH', 'kECDH', 'KRB5'],
]);

const known = new Set(suites.flatMap(({ words }) => [...words]));

/**
 * The suites of a list, the best first. Null for a list with a word that means nothing here: OpenSSL would pass over it, and
 * what is left might be more than somebody wanted.
 */
export function suitesOfList(list: string): readonly string[] | null {
  let chosen: Suite[] = [];
  const gone = new Set<Suite>();
  const parts = list.split(':').flatMap((part, index) => (part === 'DEFAULT' && index === 0 ? ['ALL', '-AESCCM'] : [part]));
  for (const part of parts) {
    if (/^@SECLEVEL=[0-5]$/.test(part)) continue;
    if (part === '@STRENGTH') {
      chosen = chosen.toSorted((a, b) => b.bits - a.bits);
      continue;
    }
    const sign = /^[!+-]/.exec(part)?.[0] ?? '';
    const words = part.slice(sign.length).split('+');
    if (words.some((word) => !known.has(word) && !foreign.has(word))) return null;
    const meant = (each: Suite) => words.every((word) => each.words.has(word));
    if (sign === '!') for (const each of suites.filter(meant)) gone.add(each);
    if (sign === '!' || sign === '-') chosen = chosen.filter((each) => !meant(each));
    else if (sign === '+') chosen = [...chosen.filter((each) => !meant(each)), ...chosen.filter(meant)];
    else chosen.push(...suites.filter((each) => meant(each) && !gone.has(each) && !chosen.includes(each)));
  }
  return chosen.map(({ name }) => name);
}
