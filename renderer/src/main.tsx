import './app/styles.css';
import { createRoot } from 'react-dom/client';
import { resolveLanguage } from '../../shared/model/settings.ts';
import { App } from './app/App.tsx';
import { startNonce } from './app/nonce.ts';
import { startOfPage } from './app/start.ts';
import { callOptions, queryClient } from './bridge/queries.ts';
import { createTranslator } from './locales/i18n.ts';

performance.mark('fieldkey:page');
const getNonce = startNonce();
const start = startOfPage();
// old from the start: main is asked as soon as it is on screen, and knows better once the vault's thread runs
if (start) queryClient.setQueryData(callOptions('app.start', undefined).queryKey, start, { updatedAt: 0 });
// asked before the first render, so that the answer is usually there with it
else void queryClient.prefetchQuery(callOptions('app.start', undefined));
const translator = start && (await createTranslator(resolveLanguage(start.settings.language, start.systemLanguage)));

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App getNonce={getNonce} translator={translator} />);
