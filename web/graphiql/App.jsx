import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { GraphiQLInterface } from 'graphiql';
import { Bar } from './Bar.jsx';

const PLUGINS = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

/** A first visit starts with the first example, ready to run; later ones with the visitor's own tabs. */
function initialContents(examples, storage) {
  const [first] = examples;
  if (!first || storage?.getItem('graphiql:tabState')) return {};
  return { initialQuery: first.query, initialVariables: first.variables };
}

// What GraphiQL's own component does, with the bar inside its provider: the bar fills tabs.
export function App({ config, fetcher, session, storage }) {
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      inputValueDeprecation
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      schemaDescription
      storage={storage}
      {...initialContents(config.examples, storage)}
    >
      <HistoryStore>
        <DocExplorerStore>
          <Bar config={config} session={session} />
          <GraphiQLInterface defaultEditorToolsVisibility showPersistHeadersSettings={false} />
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}
