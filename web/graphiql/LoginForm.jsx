import { useEffect, useReducer, useState } from 'react';
import { Refusal } from './api.js';

const UNREACHABLE = 'The server could not be reached. Please try again.';

/** The seconds until `time` in milliseconds, counted down to 0. */
function useCountdown(time) {
  const [, tick] = useReducer((count) => count + 1, 0);
  const left = Math.max(0, Math.ceil((time - Date.now()) / 1_000));

  useEffect(() => {
    if (!left) return undefined;
    const timer = setTimeout(tick, 1_000);
    return () => clearTimeout(timer);
  });
  return left;
}

function waitText(seconds) {
  const [count, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `Too many attempts. You can try again in ${count} ${unit}${count === 1 ? '' : 's'}.`;
}

/** Logs in; gives what went wrong, and until when the server refuses further attempts. */
function useLogin(session) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [refusedUntil, setRefusedUntil] = useState(0);
  const waitS = useCountdown(refusedUntil);

  async function logIn(login, password) {
    setBusy(true);
    setProblem('');
    try {
      await session.logIn(login, password);
    } catch (error) {
      const limited = error.code === 'RATE_LIMITED' && error.retryAfterS;
      if (limited) setRefusedUntil(Date.now() + error.retryAfterS * 1_000);
      else setProblem(error instanceof Refusal ? error.message : UNREACHABLE);
    }
    setBusy(false);
  }

  return { blocked: busy || waitS > 0, logIn, problem: waitS > 0 ? waitText(waitS) : problem };
}

export function LoginForm({ children, hint, notice, session }) {
  const { blocked, logIn, problem } = useLogin(session);
  const said = problem || notice;

  async function submit(event) {
    event.preventDefault();
    const { login, password } = event.target.elements;
    await logIn(login.value, password.value);
    password.select();
  }

  return (
    <form className="ecoctrl-account" onSubmit={submit}>
      <label>
        Name or e-mail
        <input autoCapitalize="none" autoComplete="username" autoFocus name="login" required spellCheck={false} />
      </label>
      <label>
        Password
        <input autoComplete="current-password" name="password" required type="password" />
      </label>
      <button className="ecoctrl-button" disabled={blocked} type="submit">
        Log in
      </button>
      {children}
      {said ? (
        <p className="ecoctrl-notice" role="alert">
          {said}
        </p>
      ) : (
        hint && <p className="ecoctrl-hint">{hint}</p>
      )}
    </form>
  );
}
