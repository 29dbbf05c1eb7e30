import countries from '../../src/protocol/countries.json' with { type: 'json' }
import type { Schema, SchemaClaim } from '../../src/protocol/schema.ts'
import { type Html, html } from '../html.ts'
import { type FormProblems, type FormValues, VALID_UNTIL } from './person-form.ts'

const COUNTRY_NAMES = new Intl.DisplayNames('en', { type: 'region' })

/** The form. `problems` is empty the first time. */
export function formPage(options: {
  issuerName: string
  schema: Schema
  values: FormValues
  problems: FormProblems
}): Html {
  const { issuerName, schema, values, problems } = options
  const count = Object.keys(problems).length
  const fields: Field[] = [
    ...schema.claims.map((claim) => ({ ...claim, hint: claim.name === 'documentNumber' ? DOCUMENT_HINT : undefined })),
    { name: VALID_UNTIL, title: 'Credential valid until', type: 'date', required: true, hint: undefined },
  ]
  return page({
    issuerName,
    title: count > 0 ? 'Check the form' : `Get a ${schema.name} credential`,
    main: html`
      <p class="notice stone"><b>Demo issuer: it checks nothing.</b> Whoever accepts what it signs believes whatever was typed here.</p>
      <h1>Get a ${schema.name} credential</h1>
      <p class="lede">Say who the credential is about. What is filled in already will do.</p>
      ${count > 0 && problemList(fields, problems)}
      <form method="post" action="/offers" novalidate>
        <div class="fields">${fields.map((field) => fieldRow(field, values[field.name] ?? '', problems[field.name]))}</div>
        <button class="btn" type="submit">Get the credential</button>
      </form>`,
  })
}

/** The offer's link, for whoever filled in the form. `expires` in Unix seconds. */
export function offerPage(options: { issuerName: string; link: string; wallet: string; expires: number }): Html {
  const { issuerName, link, wallet, expires } = options
  const until = new Date(expires * 1000).toISOString()
  return page({
    issuerName,
    title: 'Your credential is ready',
    main: html`
      <p class="notice stone"><b>Demo issuer: it checks nothing.</b></p>
      <h1>Your credential is ready</h1>
      <p class="lede">Your wallet shows what is in it before you accept.</p>
      <p><a class="btn" href="${link}">Open in your wallet</a></p>
      <p class="small">The link opens <bdi>${wallet}</bdi>. It works once, until
        <time datetime="${until}">${until.slice(11, 16)} UTC</time>.</p>
      <p class="small">What is issued can be taken back. Whoever runs this issuer does it with <code>npm run issuer</code>.</p>
      <p><a class="btn plain" href="/">Fill in another form</a></p>`,
  })
}

/** Something cannot be had; `message` says what and what to do. */
export function refusalPage({ issuerName, message }: { issuerName: string; message: string }): Html {
  return page({
    issuerName,
    title: 'That did not work',
    main: html`
      <h1>That did not work</h1>
      <p class="lede">${message}</p>
      <p><a class="btn" href="/">Back to the form</a></p>`,
  })
}

type Field = {
  readonly name: string
  readonly title: string
  readonly type: SchemaClaim['type']
  readonly required: boolean
  readonly hint: string | undefined
}

const DOCUMENT_HINT = 'A new number is a new person. One person has one wallet here.'

function page({ issuerName, title, main }: { issuerName: string; title: string; main: Html }): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title} · ${issuerName}</title>
  <link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/style.css">
</head>
<body>
  <header class="bar"><img src="/assets/mark.svg" width="28" height="28" alt=""><span class="name">${issuerName}</span><span class="tag">Demo</span></header>
  <main>${main}</main>
</body>
</html>
`
}

function problemList(fields: readonly Field[], problems: FormProblems): Html {
  return html`<div class="problems" role="alert"><h2>Some fields need another look</h2><ul>${fields
    .filter(({ name }) => problems[name])
    .map(({ name, title }) => html`<li><a href="#${name}">${title}: ${problems[name]}</a></li>`)}</ul></div>`
}

function fieldRow(field: Field, value: string, problem: string | undefined): Html {
  const { name, title, required, hint } = field
  const described = [hint && `${name}-hint`, problem && `${name}-problem`].filter(Boolean).join(' ')
  return html`<div class="field">
    <label for="${name}">${title}${!required && html` <span class="optional">optional</span>`}</label>
    ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${problem && html`<p class="problem" id="${name}-problem">${problem}</p>`}
    ${control(field, value, [
      required && html` required`,
      described !== '' && html` aria-describedby="${described}"`,
      problem !== undefined && html` aria-invalid="true"`,
    ])}
  </div>`
}

function control({ name, type }: Field, value: string, attributes: readonly (Html | false)[]): Html {
  const all = attributes.filter((attribute) => attribute !== false)
  if (type === 'country') {
    return html`<select id="${name}" name="${name}" autocomplete="off"${all}>${countryOptions(value)}</select>`
  }
  if (type === 'boolean') {
    const options = ['', 'yes', 'no'].map((each) => html`<option${each === value && html` selected`}>${each}</option>`)
    return html`<select id="${name}" name="${name}" autocomplete="off"${all}>${options}</select>`
  }
  const kind = type === 'date' ? 'date' : 'text'
  return html`<input id="${name}" name="${name}" type="${kind}" value="${value}" autocomplete="off" maxlength="256"${all}>`
}

function countryOptions(chosen: string): Html[] {
  return countries
    .map((code) => ({ code, name: COUNTRY_NAMES.of(code) ?? code }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ code, name }) => html`<option value="${code}"${code === chosen && html` selected`}>${name}</option>`)
}
