import { useRef, useSyncExternalStore } from 'react';

/** The token in what was pasted, which may be a JSON string or a whole Authorization header. */
function cleanToken(text) {
  return text.trim().replace(/^(authorization:\s*)?(bearer\s+)?/i, '').replace(/^"|"$/g, '');
}

export function TokenBox({ hint, session }) {
  const token = useSyncExternalStore(session.subscribe, session.getToken);
  const input = useRef(null);

  function use(text) {
    input.current.value = cleanToken(text);
    session.setToken(input.current.value);
  }

  function submit(event) {
    event.preventDefault();
    use(input.current.value);
  }

  return (
    <form className="ecoctrl-token" onSubmit={submit}>
      <small id="ecoctrl-token-hint">
        Sent as <code>Authorization: Bearer …</code> with every request. {hint}
      </small>
      <label htmlFor="ecoctrl-token">Access token</label>
      {/* Not a password field: browsers would offer to keep the token. */}
      <input
        aria-describedby="ecoctrl-token-hint"
        autoComplete="off"
        defaultValue={token}
        id="ecoctrl-token"
        onBlur={(event) => use(event.target.value)}
        placeholder="none"
        ref={input}
        spellCheck={false}
      />
      <button className="ecoctrl-button" disabled={!token} onClick={() => use('')} type="button">
        Clear
      </button>
    </form>
  );
}
