import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerButton, forumName } from '../../scripts/demo/person.ts'
import { type Story, signInButton, tellStory } from '../../scripts/demo/story.ts'
import { parsePresentation } from '../../src/protocol/presentation.ts'
import { atForumConsent, type Deployment, deploy } from './deployment.ts'

let deployment: Deployment
let story: Story
const complaints: string[] = []
let logged = 0

beforeAll(async () => {
  deployment = await deploy()
  const context = await deployment.newPerson()
  context.on('console', (message) => {
    logged += 1
    if (/Content Security Policy|Trusted ?Type|Refused to/i.test(message.text())) complaints.push(message.text())
  })
  story = await tellStory(context, deployment.origins, { step: (_, run) => run(), picture: async () => undefined })
})

afterAll(() => deployment?.close())

test('the same person comes back to the forum under the same name', () => {
  expect(story.forumName).toMatch(/^[a-z]+-[a-z]+-\d\d$/)
  expect(story.forumNameAgain).toBe(story.forumName)
})

test('the wine shop opens its checkout and knows them by another name', () => {
  expect(story.wineName).toMatch(/^[a-z]+-[a-z]+-\d\d$/)
  expect(story.wineName).not.toBe(story.forumName)
})

test('what left the wallet names no claim and fits in 2 kB', () => {
  expect(story.presentation.body.length).toBeLessThan(2_048)
  const presentation = parsePresentation(JSON.parse(story.presentation.body))
  expect(presentation.answers.map((answer) => answer.circuit)).toEqual(['present-v1'])
  for (const word of ['Ashdown', 'Robin', '1990', 'Utrecht']) expect(story.presentation.body).not.toContain(word)
})

test('no page of the story broke a content security policy', () => {
  // Chromium remarks on ES256 at each registration: that the listener heard it shows that it would hear a complaint.
  expect(logged).toBeGreaterThan(0)
  expect(complaints).toEqual([])
})

test('another person has another name; an account can be deleted, and the name comes back with nothing', async () => {
  const context = await deployment.newPerson()
  const { forum, wallet } = await atForumConsent(context, deployment.origins)
  await answerButton(wallet, 'Sign in').click()
  const name = await forumName(forum)
  expect(name).not.toBe(story.forumName)

  await forum.getByLabel('Write a message').fill('Slate splits where it must.')
  await forum.getByRole('button', { name: 'Post' }).click()
  await forum.getByText('Slate splits where it must.').waitFor()
  await forum.getByRole('link', { name: 'Account' }).click()
  await forum.getByRole('link', { name: 'Delete account' }).click()
  await forum.getByRole('button', { name: 'Delete account' }).click()
  await forum.getByText('Your account and what you wrote are deleted.').waitFor()
  expect(await forum.getByText('Slate splits where it must.').count()).toBe(0)

  await signInButton(forum).click()
  await answerButton(wallet, 'Sign in').click()
  expect(await forumName(forum)).toBe(name)
  await forum.getByRole('link', { name: 'Account' }).click()
  await forum.getByText('Sign-ins').waitFor()
  expect(await forum.locator('dl').innerText()).toMatch(/Sign-ins\s*1\b/)
  await context.close()
})
