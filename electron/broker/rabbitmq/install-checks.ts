import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { checkLists, listsScriptName } from '../host/kit-lists.ts';
import { quoted } from '../host/plain-text.ts';
import { confHeader, isWhole, wantsLists } from './config.ts';
import type { InstallInput } from './install.ts';
import { confName, rabbitmqPaths } from './paths.ts';

/** The parts of install.sh that only look. */

export function checkFolder({ settings, keyElsewhere }: InstallInput): string {
  const { kit } = settings;
  const key = quoted(`${rabbitmqPaths(settings).certs}/server.key`);
  const files = [
    confName[kit.form],
    ...['advanced.config', 'definitions.json', 'certs/server.crt'],
    ...(isWhole(kit) ? ['enabled_plugins', 'rabbitmq-env.conf'] : []),
    ...(wantsLists(settings) ? ['certs/ca.crt', listsScriptName] : []),
    ...(keyElsewhere ? [] : ['certs/server.key']),
  ];
  return `# Is this folder what was exported, and good for use now?
check_folder() {
  for file in ${files.join(' ')}; do
    [ -s "$file" ] || fail "$file is missing here, or empty. Copy the whole folder again."
  done
  if [ -f ../SHA256SUMS ] && grep -q '  broker/install.sh$' ../SHA256SUMS; then
    (cd .. && grep '  broker/' SHA256SUMS | sha256sum -c --quiet -) || fail 'This folder is not what was exported. Copy it again.'
  fi
  # a list or a table of users that was cut off on its way here would lock everybody out
${
  wantsLists(settings)
    ? `  for list in crls/*.r*; do
    grep -q 'END X509 CRL' "$list" || fail "$list is not whole"
  done
  ${checkLists(rabbitmqPaths(settings).crls)} || fail 'These lists of revoked certificates are not installed. Nothing was replaced.'
`
    : ''
}  [ "$(tail -n 1 definitions.json)" = '}' ] || fail 'definitions.json is not whole'
${keyElsewhere ? `  [ -e ${key} ] || fail ${quoted(`the key of the broker has to be at ${rabbitmqPaths(settings).certs}/server.key first`)}\n` : ''}  if command -v openssl >/dev/null 2>&1; then
    key=$(openssl pkey -in ${keyElsewhere ? key : 'certs/server.key'} -pubout 2>/dev/null) || key=
    [ "$key" = "$(openssl x509 -in certs/server.crt -noout -pubkey)" ] || fail 'The key of the broker does not belong to its certificate.'
  fi
}`;
}

/** What else stands in a configuration that the drop-in becomes a part of. */
export function checkOthers(settings: BrokerSettings): string {
  const paths = rabbitmqPaths(settings);
  const words = '(mqtt|ssl_options|listeners\\.ssl|load_definitions|definitions|ssl_cert_login_from)';
  return `# Does the configuration that is there go together with ours?
check_others() {
  for other in ${quoted(paths.directory)}/rabbitmq.conf ${quoted(paths.directory)}/conf.d/*.conf; do
    if [ ! -f "$other" ] || [ "$other" = ${quoted(paths.conf)} ]; then continue; fi
    ! head -n 1 "$other" | grep -q '^${confHeader}' ||
      fail "$other is an earlier kit's whole configuration. Put back rabbitmq.conf.before-fieldkey, or remove it."
    ! grep -Eq '^[[:space:]]*${words}[.[:space:]=]' "$other" ||
      fail "$other decides about MQTT, TLS or users already: $(grep -Em 1 '^[[:space:]]*${words}[.[:space:]=]' "$other"). Choose the form \\"fragments\\" in Fieldkey, or take that out."
  done
  if [ -e ${quoted(paths.advanced)} ] && ! grep -q 'Written by Fieldkey' ${quoted(paths.advanced)}; then
    fail ${quoted(`${paths.advanced} is there already, and TLS options can only stand there. Choose the form "fragments" in Fieldkey.`)}
  fi
}`;
}
