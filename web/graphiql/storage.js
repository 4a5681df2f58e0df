/** A storage of the browser, or null where the user forbids it. */
export function browserStorage(name) {
  try {
    return window[name];
  } catch {
    return null;
  }
}

// GraphiQL's history keeps the headers of each query, and so any token in them, for good.
const HEADER_KEEPERS = ['graphiql:queries', 'graphiql:favorites'];

function withoutHeaders(json) {
  return JSON.stringify(JSON.parse(json), (key, value) => (key === 'headers' ? undefined : value));
}

/** Where GraphiQL keeps tabs, history and theme between visits: its part of `local`, without headers. */
export function editorStorage(local) {
  if (!local) return null;
  const ownKeys = () => Object.keys(local).filter((key) => key.startsWith('graphiql:'));
  return {
    get length() {
      return ownKeys().length;
    },
    clear: () => ownKeys().forEach((key) => local.removeItem(key)),
    getItem: (key) => local.getItem(key),
    removeItem: (key) => local.removeItem(key),
    setItem: (key, value) => local.setItem(key, HEADER_KEEPERS.includes(key) ? withoutHeaders(value) : value),
  };
}
