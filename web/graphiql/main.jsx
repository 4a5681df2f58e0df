import { createRoot } from 'react-dom/client';
import { App } from './App.jsx';
import { createFetcher } from './fetcher.js';
import { createSession } from './session.js';
import { browserStorage, editorStorage } from './storage.js';
import '@graphiql/react/style.css';
import '@graphiql/react/font/fira-code.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './style.css';

const WORKERS = { graphql: 'graphql.worker.js', json: 'json.worker.js' };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(new URL(WORKERS[label] ?? 'editor.worker.js', import.meta.url), { type: 'module' }),
};

const config = JSON.parse(document.getElementById('graphiql-config').textContent);
const local = browserStorage('localStorage');
const session = createSession({
  endpoint: config.endpoint,
  localStorage: local,
  sessionStorage: browserStorage('sessionStorage'),
});

// The editor measures its font once, when it is made: a font that comes later misplaces the cursor.
await document.fonts.load('15px "Fira Code"');

createRoot(document.getElementById('graphiql')).render(
  <App
    config={config}
    fetcher={createFetcher({ endpoint: config.endpoint, session })}
    session={session}
    storage={editorStorage(local)}
  />,
);
