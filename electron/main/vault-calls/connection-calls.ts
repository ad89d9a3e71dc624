import { projectById } from '../../authority/lookup.ts';
import { keepObserver } from '../../authority/renew-own.ts';
import { exportConnections, importConnections, reviewConnections } from '../../jobs/connections/import-connections.ts';
import { type OwnOrder, openConnection, speaksAsObserver } from '../../jobs/connections/open-connection.ts';
import { listConnections, putConnection, removeConnection } from '../../jobs/connections/own-connections.ts';
import { readAuthorityFiles, readIdentityFiles, summaryOf } from '../../jobs/connections/read-files.ts';
import type { VaultAnswers } from './answers.ts';
import type { VaultContext } from './context.ts';

export type ConnectionCallName =
  | 'connection.list'
  | 'connection.files'
  | 'connection.put'
  | 'connection.remove'
  | 'connection.export'
  | 'connection.review'
  | 'connection.import';

/** What main asks for to connect; the key goes to the tester's process and is wiped on the way, never to the page. */
export interface ConnectionSteps {
  readonly 'connection.open': (input: Parameters<typeof openConnection>[1]) => Promise<OwnOrder>;
}

/** The tester's own connections. */
export function connectionCalls({ session, changed }: VaultContext): VaultAnswers<ConnectionCallName> & ConnectionSteps {
  return {
    'connection.list': ({ projectId }) => listConnections(session(), projectId).map((each) => structuredClone(each) as never),
    'connection.files': async ({ identity, authorities, keyPassphrase }) => {
      session();
      const none = { wrong: null, certificates: [], authorities: [] };
      const ca = authorities.length > 0 ? readAuthorityFiles(authorities) : { ca: '' };
      if ('problem' in ca) return { ...none, wrong: { ...ca } };
      if (identity.length === 0) return { ...none, authorities: summaryOf(ca.ca) };
      const read = await readIdentityFiles(identity, keyPassphrase);
      if ('problem' in read) return { ...none, wrong: { ...read } };
      return { wrong: null, certificates: summaryOf(read.certificate), authorities: summaryOf(ca.ca) };
    },
    'connection.put': async ({
      projectId,
      id,
      like,
      settings,
      identity,
      authorities,
      keyPassphrase,
      password,
      authenticationData,
      authenticationAnswers,
    }) => {
      let { tls } = settings;
      let key: string | undefined;
      if (authorities && authorities.length > 0) {
        const read = readAuthorityFiles(authorities);
        if ('problem' in read) return { done: false, wrong: { ...read } };
        tls = { ...tls, ca: read.ca };
      }
      if (identity && identity.length > 0) {
        const read = await readIdentityFiles(identity, keyPassphrase);
        if ('problem' in read) return { done: false, wrong: { ...read } };
        ({ key } = read);
        tls = { ...tls, certificate: read.certificate };
      }
      const put = putConnection(
        session(),
        projectId,
        { id, like, settings: { ...settings, tls } },
        { key, password, authenticationData, authenticationAnswers },
      );
      changed(projectId);
      return { done: true, connection: structuredClone(put) as never };
    },
    'connection.remove': ({ projectId, id }) => {
      removeConnection(session(), projectId, id);
      changed(projectId);
      return {};
    },
    'connection.export': ({ projectId, ids }) => {
      const { name } = projectById(session(), projectId);
      return { name: `${name}-connections.json`, text: exportConnections(session(), projectId, ids) };
    },
    'connection.review': async ({ projectId, bytes }) => {
      const { refusal, ...found } = await reviewConnections(session(), projectId, bytes);
      return refusal === null ? (structuredClone(found) as never) : { source: 'none', refusal };
    },
    'connection.import': async ({ projectId, bytes, chosen }) => {
      const stored = await importConnections(session(), projectId, bytes, chosen);
      changed(projectId);
      return { ids: stored.map(({ id }) => id) };
    },
    'connection.open': async (input) => {
      // nobody has to be reminded of what the program can renew by itself
      const { projectId, ownId } = input;
      if (speaksAsObserver(session(), projectId, ownId) && (await keepObserver(session(), projectId))) changed(projectId);
      return openConnection(session(), input);
    },
  };
}
