import { type Html, html } from '../html.ts'
import type { Account, Post } from './forum-store.ts'

const NOTICES: Readonly<Record<string, string>> = {
  'signed-out': 'You are signed out.',
  deleted: 'Your account and what you wrote are deleted.',
  length: 'A message has 1 to 1000 characters. Nothing was posted.',
}

/** The one page everyone sees: who you are here, and what people wrote. */
export function forumPage(options: {
  account: Account | undefined
  posts: readonly Post[]
  walletOrigin: string
  notice: string | undefined
}): Html {
  const { account, posts, walletOrigin, notice = '' } = options
  return page(
    'Quarry forum',
    account,
    html`
      ${Object.hasOwn(NOTICES, notice) && html`<p class="notice" role="status">${NOTICES[notice]}</p>`}
      ${account ? greeting(account) : invitation(walletOrigin)}
      <section aria-labelledby="messages"><h2 id="messages">Messages</h2>
        ${posts.length === 0 ? html`<p class="small">Nobody has written anything yet.</p>` : html`<ol class="posts">${posts.map(postItem)}</ol>`}
      </section>`,
  )
}

/** What the forum knows of an account, and the way to end it. */
export function accountPage(account: Account): Html {
  return page(
    'Your account',
    account,
    html`
      <h1>Your account</h1>
      <dl class="facts"><div><dt>Name</dt><dd><bdi>${account.pseudonym}</bdi></dd></div><div><dt>Sign-ins</dt><dd>${account.signIns}</dd></div></dl>
      <p class="small">The forum also keeps when you first signed in, what you wrote, and two codes that mean nothing elsewhere: one for this name, one for your key here. No other site sees this name, and it leads to none.</p>
      <div class="actions"><a class="btn plain" href="/">Back to the forum</a><a class="btn plain danger" href="/account/delete">Delete account</a></div>`,
  )
}

/** Asks once more. */
export function removePage(account: Account): Html {
  return page(
    'Delete account',
    account,
    html`
      <h1>Delete <bdi>${account.pseudonym}</bdi>?</h1>
      <p class="lede">Everything you wrote here is deleted too. This cannot be undone.</p>
      <p class="small">If you sign in again with the same wallet, you come back under the same name, as somebody new.</p>
      <form class="actions" method="post" action="/account/delete">
        <a class="btn" href="/account">Keep account</a><button class="btn plain danger" type="submit">Delete account</button>
      </form>`,
  )
}

function greeting(account: Account): Html {
  return html`
    <section class="hello stone">
      <p class="label">${account.signIns > 1 ? 'Welcome back' : 'Welcome. This forum knows you as'}</p>
      <h1 data-pseudonym><bdi>${account.pseudonym}</bdi></h1>
      <p class="small">A name only this forum sees.</p>
    </section>
    <form class="write" method="post" action="/posts">
      <label for="text">Write a message</label>
      <textarea id="text" name="text" rows="3" maxlength="1000" required></textarea>
      <button class="btn" type="submit">Post</button>
    </form>`
}

function invitation(walletOrigin: string): Html {
  return html`
    <section class="hello">
      <h1>Talk about stone</h1>
      <p class="lede">No address, no password. Your security key gives you a name that only this forum sees.</p>
      <touchstone-button label="Sign in with Touchstone" request="sign-in" result="/session" wallet-origin="${walletOrigin}">
        <noscript>The wallet is asked by a script, and scripts are off in this browser.</noscript>
      </touchstone-button>
    </section>`
}

function postItem({ pseudonym, text, postedAt, own }: Post): Html {
  const time = postedAt.toISOString()
  return html`<li><p class="by"><b><bdi>${pseudonym}</bdi></b>${own && html` <span class="tag">You</span>`} <time datetime="${time}">${time.slice(0, 16).replace('T', ' ')} UTC</time></p><p class="text" dir="auto">${text}</p></li>`
}

function page(title: string, account: Account | undefined, main: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title === 'Quarry forum' ? title : `${title} · Quarry forum`}</title>
  <link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/style.css">
  <script type="module" src="/assets/page.js"></script>
</head>
<body>
  <header class="bar"><a class="name" href="/">Quarry forum</a><span class="tag">Demo</span>${
    account &&
    html`<nav aria-label="You"><a href="/account">Account</a><form method="post" action="/sign-out"><button class="linklike" type="submit">Sign out</button></form></nav>`
  }</header>
  <main>${main}</main>
</body>
</html>
`
}
