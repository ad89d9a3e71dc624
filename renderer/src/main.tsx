import './app/styles.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { startNonce } from './app/nonce.ts';
import { callOptions, queryClient } from './bridge/queries.ts';

performance.mark('fieldkey:page');
const getNonce = startNonce();
// asked before the first render, so that the answer is usually there with it
void queryClient.prefetchQuery(callOptions('app.start', undefined));

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App getNonce={getNonce} />);
