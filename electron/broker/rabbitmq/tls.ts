import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { erlangCiphers } from '../host/erlang-tls.ts';
import { confHeader, oneLineEach, wantsLists } from './config.ts';
import { pathsForBroker } from './paths.ts';

/**
 * advanced.config: every TLS option, because rabbitmq.conf has no words for the place of revocation lists, and
 * `ssl_options` here replaces those of rabbitmq.conf as a whole instead of being added to them (measured with 3.10.8:
 * with the certificate in rabbitmq.conf the listener has none).
 *
 * Erlang looks for the list of an issuer by the hash of its name (`ssl_crl_hash_dir`, erlang.org/doc/man/ssl), for
 * every connection anew. Without a list that is in time and signed by the issuer it refuses.
 */
export function advancedConfig(settings: BrokerSettings, outsideAbove = false): string {
  const { certs, crls } = pathsForBroker(settings);
  const { kit } = settings;
  const both = kit.tlsMinimum === 'tlsv1.2';
  const ciphers = erlangCiphers(kit);
  const options = [
    ...(wantsLists(settings) ? [`{cacertfile, "${certs}/ca.crt"}`] : []),
    `{certfile, "${certs}/server.crt"}`,
    `{keyfile, "${certs}/server.key"}`,
    ...(wantsLists(settings)
      ? ['{verify, verify_peer}', '{fail_if_no_peer_cert, true}', '%% device, authority of a site, root', '{depth, 3}']
      : ['%% clients show a password, and no certificate', '{verify, verify_none}', '{fail_if_no_peer_cert, false}']),
    `{versions, [${both ? "'tlsv1.3', 'tlsv1.2'" : "'tlsv1.3'"}]}`,
    ...(ciphers === null ? [] : [`{ciphers, [${ciphers.map((name) => `"${name}"`).join(', ')}]}`]),
    '{honor_cipher_order, true}',
    // options of TLS 1.2: with 1.3 alone Erlang takes none of them
    ...(both
      ? [
          '{client_renegotiation, false}',
          '%% a resumed session would skip the certificate and with it the revocation list',
          '{reuse_sessions, false}',
        ]
      : []),
    ...(wantsLists(settings)
      ? [
          '%% Read at every connection. A list that is missing or has ended refuses everybody of its authority.',
          ...(outsideAbove
            ? [
                '%% Of each certificate the list of its issuer is asked, and no other: above are authorities of somebody else, whose',
                '%% lists are not here. With "true" nobody below them would be let in.',
                '{crl_check, peer}',
              ]
            : ['{crl_check, true}']),
          `{crl_cache, {ssl_crl_hash_dir, {internal, [{dir, "${crls}"}]}}}`,
        ]
      : []),
  ];
  const last = options.length - 1;
  const lines = options.map((option, index) => `      ${option}${option.startsWith('%%') || index === last ? '' : ','}`);
  const how =
    kit.form === 'fragments'
      ? ' Where there is an advanced.config already, the part {rabbit, ...} goes into its list, or its {ssl_options, ...} into the {rabbit, ...} that is there.'
      : '';
  return oneLineEach([
    `%% ${confHeader.slice(2)}. All TLS options are here: an ssl_options in rabbitmq.conf would not be looked at.${how}`,
    '[',
    '  {rabbit, [',
    '    {ssl_options, [',
    ...lines,
    '    ]}',
    '  ]}',
    '].',
  ]);
}
