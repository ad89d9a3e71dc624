import './app/styles.css';
import { createRoot } from 'react-dom/client';
import { resolveLanguage } from '../../shared/model/settings.ts';
import { App } from './app/App.tsx';
import { startNonce } from './app/nonce.ts';
import { onceDrawn, startOfPage } from './app/start.ts';
import { callOptions, queryClient } from './bridge/queries.ts';
import { createTranslator } from './locales/i18n.ts';

performance.mark('fieldkey:page');
const getNonce = startNonce();
const start = startOfPage();
const { queryKey } = callOptions('app.start', undefined);
if (start) {
  queryClient.setQueryData(queryKey, start);
  // main knows better once the vault's thread runs, and is asked in any case
  onceDrawn(() => void queryClient.invalidateQueries({ queryKey }));
}
// asked before the first render, so that the answer is usually there with it
else void queryClient.prefetchQuery(callOptions('app.start', undefined));
const translator = start && (await createTranslator(resolveLanguage(start.settings.language, start.systemLanguage)));

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App getNonce={getNonce} translator={translator} />);
