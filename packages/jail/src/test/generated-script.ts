import fc from 'fast-check';

const simpleSteps = [
  `see((await nango.get({ endpoint: '/r/' + p })).data);`,
  `see((await nango.get({ endpoint: '/r/always-the-same' })).data);`,
  `see((await nango.get({ endpoint: '/r/' + p, headers: { at: Date.now() } })).data);`,
  `await post(p, crypto.randomUUID());`,
  `await post(p, Math.random());`,
  `await post(p, [require('crypto').randomInt(1000), require('crypto').randomBytes(5).toString('hex'), [...crypto.getRandomValues(new Uint8Array(3))]]);`,
  `await post(p, [Temporal.Now.instant().toString(), performance.now(), new Date().toISOString()]);`,
  `await Promise.all([post(p + 'x', Math.random()), post(p + 'y', Date.now()), nango.get({ endpoint: '/r/' + p }).then((answer) => see(answer.data))]);`,
  `await save(p, { at: new Date(), n: Math.random() });`,
  `save(p, { n: Math.random() }); rest.push(post(p, 'beside a save'));`,
  `await sleep(Math.random() * 4); see(Date.now());`,
  `await Promise.all([3, 1, 2, 1].map(async (ms, n) => { await sleep(ms); see([n, performance.now()]); }));`,
  `const end = Date.now() + 2; let n = 0; while (Date.now() < end) n++; see(n); await post(p, n);`,
  `let n = 0; await new Promise((done) => { const id = setInterval(() => { see([n, Date.now()]); if (++n === 3) { clearInterval(id); done(); } }, 1); });`,
  `const id = setTimeout(() => see('never'), 2); await nango.get({ endpoint: '/r/' + p }); clearTimeout(id); see('cleared');`,
  `const late = setTimeout(() => see('late'), 1); await nango.get({ endpoint: '/r/' + p }); see(Math.random()); clearTimeout(late);`,
  `try { see((await nango.get({ endpoint: '/status/' + p })).status); } catch (error) { see(error.response.data); }`,
  `try { see((await post(p, 1, '/status/')).n); } catch (error) { see(error.response.data.n); await post(p + 'again', Math.random()); }`,
  `see([await nango.getToken(), await nango.getToken()]);`,
  `nango.log('at', Date.now()); queueMicrotask(() => see('micro')); await null;`,
];

/** More calls at once than the realm keeps open. */
const wideSteps = [
  `see((await Promise.all(Array.from({ length: 80 }, (_, n) => nango.get({ endpoint: '/r/' + p + n })))).reduce((sum, { data }) => sum + data.n, 0));`,
  `await Promise.all(Array.from({ length: 70 }, async (_, n) => { const { data } = await nango.get({ endpoint: '/r/' + p + n }); if (data.n < 0.1) await post(p + n, data.n + Math.random()); }));`,
];

/** A sync as text. At its end it sends to `/output` all it sent, saved and saw, in its own order. */
export const generatedScript: fc.Arbitrary<string> = fc
  .letrec<{ step: string; steps: string }>((tie) => ({
    steps: fc
      .array(tie('step'), { minLength: 1, maxLength: 3 })
      .map((steps) => steps.map((step, n) => `await (async (p) => { ${step} })(p + ${n});`).join('\n')),
    step: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { arbitrary: fc.constantFrom(...simpleSteps), weight: 14 },
      { arbitrary: fc.constantFrom(...wideSteps), weight: 1 },
      fc.array(tie('steps'), { minLength: 2, maxLength: 3 }).map((blocks) => `see(await Promise.all([${blocks.map(begun).join(', ')}]));`),
      fc
        .array(tie('steps'), { minLength: 2, maxLength: 3 })
        .map((blocks) => `const all = [${blocks.map(begun).join(', ')}]; rest.push(...all); see(await Promise.race(all));`),
      tie('steps').map((block) => `const all = [sleep(2), ${begun(block, 0)}]; rest.push(...all); see(await Promise.race(all));`),
      fc
        .tuple(tie('steps'), fc.integer({ min: 1, max: 7 }))
        .map(
          ([block, items]) =>
            `const items = Array.from({ length: ${items} }, (_, n) => p + 'i' + n); const work = async () => { for (let p = items.shift(); p; p = items.shift()) { ${block} } }; await Promise.all([work(), work(), work(), work(), work()]);`,
        ),
      fc.tuple(tie('steps'), tie('steps')).map(([one, other]) => `if (Math.random() < 0.5) { ${one} } else { ${other} }`),
      tie('steps').map((block) => `try { await nango.get({ endpoint: '/refused/' + p }); } catch (error) { see(error.code); ${block} }`),
      fc.tuple(tie('steps'), tie('steps')).map(([one, other]) => `if ((await nango.get({ endpoint: '/r/' + p })).data.n < 0.5) { ${one} } else { ${other} }`),
    ),
  }))
  .steps.map(script);

function begun(block: string, n: number): string {
  return `(async (p) => { ${block}; return p; })(p + '${'abc'[n]}')`;
}

/** `p` names the place in the script; no two writes have the same. */
function script(steps: string): string {
  return `exports.default = async (nango) => {
const seen = [], posts = [], saves = [], rest = [], p = '';
const see = (value) => void seen.push(value);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const post = async (step, value, endpoint = '/w/') => {
  const data = { step, value };
  posts.push(data);
  const answer = await nango.post({ endpoint: endpoint + step, data });
  see(answer.data);
  return answer.data;
};
const save = (step, value) => {
  const record = { id: step, ...value };
  saves.push([JSON.parse(JSON.stringify(record))]);
  const saved = nango.batchSave([record], 'Issue');
  rest.push(saved);
  return saved;
};
${steps}
while (rest.length > 0) await Promise.allSettled(rest.splice(0));
await nango.post({ endpoint: '/output', data: { seen, posts, saves } });
};`;
}
