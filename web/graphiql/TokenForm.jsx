/** The token in what was pasted, which may be a JSON string or a whole Authorization header. */
function cleanToken(text) {
  return text.trim().replace(/^(authorization:\s*)?(bearer\s+)?/i, '').replace(/^"|"$/g, '');
}

export function TokenForm({ children, hint, session }) {
  function submit(event) {
    event.preventDefault();
    session.usePasted(cleanToken(event.target.elements.token.value));
  }

  return (
    <form className="ecoctrl-account" onSubmit={submit}>
      <label>
        Access token or API key
        {/* Not a password field: browsers would offer to keep the token. */}
        <input
          aria-describedby="ecoctrl-hint"
          autoComplete="off"
          autoFocus
          className="ecoctrl-secret"
          name="token"
          required
          spellCheck={false}
        />
      </label>
      <button className="ecoctrl-button" type="submit">
        Use it
      </button>
      {children}
      <p className="ecoctrl-hint" id="ecoctrl-hint">
        Sent as <code>Authorization: Bearer …</code> from this browser tab, until you close it. {hint}
      </p>
    </form>
  );
}
