import { type Html, html } from '../html.ts'
import { BOTTLES, type Bottle } from './bottles.ts'

/** The shelf, and the way to the checkout. `pseudonym` is there for whoever has shown their age. */
export function shopPage(options: { pseudonym: string | undefined; walletOrigin: string }): Html {
  const { pseudonym, walletOrigin } = options
  return page(
    'Cellar Nine',
    html`
      <h1>Four bottles, slowly made</h1>
      <p class="lede">From small growers on slate, iron and chalk.</p>
      <ul class="shelf">${BOTTLES.map((bottle) => html`<li class="bottle">${label(bottle)}</li>`)}</ul>
      ${pseudonym === undefined ? question(walletOrigin) : open(pseudonym)}`,
  )
}

/** Open to those who have shown their age. */
export function checkoutPage(pseudonym: string): Html {
  return page(
    'Checkout',
    html`
      <h1>The checkout is open</h1>
      <p class="lede" data-over18>You have shown that you are 18 or older.</p>
      ${known(pseudonym)}
      <form method="post" action="/orders">
        <fieldset class="shelf"><legend>Choose a bottle</legend>${BOTTLES.map(
          (bottle, index) =>
            html`<label class="bottle"><input type="radio" name="bottle" value="${bottle.id}"${index === 0 && html` checked`}>${label(bottle)}</label>`,
        )}</fieldset>
        <p class="small">Demo: nothing is sold, charged or sent.</p>
        <button class="btn" type="submit">Place the order</button>
      </form>`,
  )
}

/** After an order. */
export function thanksPage(bottle: Bottle): Html {
  return page(
    'Thank you',
    html`
      <h1>Thank you</h1>
      <p class="lede">One bottle of ${bottle.name} would be on its way, if this were a shop.</p>
      <p><a class="btn plain" href="/">Back to the shelf</a></p>`,
  )
}

function question(walletOrigin: string): Html {
  return html`<section class="age" aria-labelledby="age">
    <h2 id="age">For the checkout: are you 18 or older?</h2>
    <p class="small">Your wallet answers. This shop never sees your birth date, and not your name either.</p>
    <touchstone-button label="Prove you are 18 or older" request="over18" result="/age" wallet-origin="${walletOrigin}">
      <noscript>The wallet is asked by a script, and scripts are off in this browser.</noscript>
    </touchstone-button>
  </section>`
}

function open(pseudonym: string): Html {
  return html`<section class="age" aria-labelledby="age">
    <h2 id="age">You have shown that you are 18 or older</h2>
    ${known(pseudonym)}
    <div class="actions"><a class="btn" href="/checkout">Go to the checkout</a>
      <form method="post" action="/leave"><button class="btn plain" type="submit">Forget me</button></form></div>
  </section>`
}

function known(pseudonym: string): Html {
  return html`<p class="small">This shop knows you as <bdi>${pseudonym}</bdi>, a name that no other site sees, for half an hour.</p>`
}

function label({ name, kind, taste, price, glass }: Bottle): Html {
  return html`<span class="picture ${glass}"><svg viewBox="0 0 60 160" aria-hidden="true"><path class="glass" d="M24 4h12v40c0 8 14 12 14 30v76a6 6 0 0 1-6 6H16a6 6 0 0 1-6-6V74c0-18 14-22 14-30z"/><path class="seal" d="M23 3h14v20H23z"/><path class="paper" d="M10 92h40v38H10z"/><path class="line" d="M16 116 44 104"/></svg></span>
    <span class="about"><b>${name}</b><span class="small">${kind}. ${taste}.</span><span class="price">€ ${price}</span></span>`
}

function page(title: string, main: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title === 'Cellar Nine' ? title : `${title} · Cellar Nine`}</title>
  <link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/style.css">
  <script type="module" src="/assets/page.js"></script>
</head>
<body>
  <header class="bar"><a class="name" href="/">Cellar Nine</a><span class="tag">Demo</span></header>
  <main>${main}</main>
</body>
</html>
`
}
