import { useState } from 'react';
import { LoginForm } from './LoginForm.jsx';
import { TokenForm } from './TokenForm.jsx';

const OTHER_WAYS = { nobody: 'Use a token instead', login: 'Use a token', token: 'Use another' };

function Link({ children, onClick }) {
  return (
    <button className="ecoctrl-link" onClick={onClick} type="button">
      {children}
    </button>
  );
}

function User({ user }) {
  return (
    <>
      <strong>{user.username}</strong> ({user.role.toLowerCase()})
    </>
  );
}

function LoggedIn({ session, user }) {
  return (
    <>
      <span>
        Logged in as <User user={user} />
      </span>
      <button className="ecoctrl-button" onClick={session.logOut} type="button">
        Log out
      </button>
    </>
  );
}

function UsingToken({ session, user }) {
  return (
    <>
      <span>Using a token{user && <> of <User user={user} /></>}</span>
      <button className="ecoctrl-button" onClick={() => session.usePasted('')} type="button">
        Forget it
      </button>
    </>
  );
}

/** Who the requests are made as, and the forms to change that. */
export function Account({ config, session, state }) {
  const { identity, kind, notice, user } = state;
  // The form belongs to who was shown when it was opened, and goes once somebody else is.
  const [pastingAs, setPastingAs] = useState(null);

  const otherWay = <Link onClick={() => setPastingAs(identity)}>{OTHER_WAYS[kind]}</Link>;
  const back = <Link onClick={() => setPastingAs(null)}>{kind === 'nobody' ? 'Log in instead' : 'Cancel'}</Link>;

  if (pastingAs === identity) {
    return (
      <TokenForm hint={config.tokenHint} session={session}>
        {back}
      </TokenForm>
    );
  }
  if (kind === 'nobody') {
    return (
      <LoginForm hint={config.loginHint} notice={notice} session={session}>
        {otherWay}
      </LoginForm>
    );
  }
  return (
    <div className="ecoctrl-account">
      {kind === 'login' ? <LoggedIn session={session} user={user} /> : <UsingToken session={session} user={user} />}
      {otherWay}
      {notice && (
        <p className="ecoctrl-notice" role="alert">
          {notice}
        </p>
      )}
    </div>
  );
}
