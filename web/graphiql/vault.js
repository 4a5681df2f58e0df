const KEY = 'ecoctrl.session';

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Where the tabs of this browser keep the session that they share: localStorage, or this page's
 * memory where the user forbids storage.
 */
export function createVault(storage) {
  let memory = null;
  return {
    read: () => (storage ? parse(storage.getItem(KEY)) : memory),

    write(session) {
      memory = session;
      if (session) storage?.setItem(KEY, JSON.stringify(session));
      else storage?.removeItem(KEY);
    },

    /** Calls the listener after each change by another tab. */
    watch(listener) {
      window.addEventListener('storage', ({ key }) => {
        if (key === KEY || key === null) listener();
      });
    },
  };
}

/** Runs the task while no other tab of this browser runs one; only https and localhost have such locks. */
export function exclusively(task) {
  return navigator.locks ? navigator.locks.request(KEY, task) : task();
}
