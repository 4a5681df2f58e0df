import { ChevronDownIcon, DropdownMenu, useGraphiQL, useGraphiQLActions } from '@graphiql/react';

/** Shows an example in this tab when nothing of the user's is lost by that, else in a new one. */
function useShowExample(examples) {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const responseEditor = useGraphiQL((state) => state.responseEditor);

  return (example) => {
    const present = queryEditor.getValue().trim();
    const expendable = present === '' || examples.some(({ query }) => query.trim() === present);
    if (!expendable) addTab();
    queryEditor.setValue(example.query);
    variableEditor.setValue(example.variables);
    responseEditor.setValue('');
    queryEditor.focus();
  };
}

export function Examples({ examples }) {
  const showExample = useShowExample(examples);
  if (examples.length === 0) return null;
  return (
    <DropdownMenu>
      <DropdownMenu.Button className="ecoctrl-button">
        Examples
        <ChevronDownIcon aria-hidden="true" />
      </DropdownMenu.Button>
      {/* The menu would give the focus back to its button, away from the query just shown. */}
      <DropdownMenu.Content className="ecoctrl-examples" onCloseAutoFocus={(event) => event.preventDefault()}>
        {examples.map((example) => (
          <DropdownMenu.Item key={example.name} onSelect={() => showExample(example)}>
            {example.name}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}
