import { describe, expect, it } from 'vitest';
import { errorOf, output, ownPool, type Respond } from './test/run-script.js';

ownPool();

describe('AbortController in scripts', () => {
  it('tells its listeners once, with the reason', async () => {
    const body = `const controller = new AbortController(); const { signal } = controller; const seen = [];
      signal.addEventListener('abort', (event) => seen.push(event.type, event.target === signal)); signal.onabort = () => { throw new Error('mine') };
      const removed = () => seen.push('removed'); signal.addEventListener('abort', removed); signal.removeEventListener('abort', removed);
      signal.addEventListener('abort', { handleEvent: () => seen.push('object') }, { once: true });
      const before = signal.aborted; controller.abort('why'); controller.abort('again');
      let thrown; try { signal.throwIfAborted() } catch (error) { thrown = error }
      return [before, signal.aborted, signal.reason, thrown, seen]`;
    expect(await output(body)).toEqual([false, true, 'why', 'why', ['abort', true, 'object']]);
  });

  it('has an AbortError of its own where no reason is given', async () => {
    const body = `const controller = new AbortController(); controller.abort(); const { name, message } = controller.signal.reason;
      return [name, message, controller.signal.reason instanceof Error, AbortSignal.abort().aborted, controller.signal instanceof AbortSignal]`;
    expect(await output(body)).toEqual(['AbortError', 'This operation was aborted', true, true, true]);
    expect((await errorOf('new AbortSignal()')).message).toBe('Illegal constructor');
  });

  it('has signals that end by time, and that follow others', async () => {
    const body = `const timeout = AbortSignal.timeout(20); const controller = new AbortController();
      const first = AbortSignal.any([controller.signal, timeout, nango.abortSignal]);
      await new Promise((done) => first.addEventListener('abort', done));
      return [first.reason.name, timeout.reason === first.reason, controller.signal.aborted, AbortSignal.any([AbortSignal.abort('a')]).reason]`;
    expect(await output(body)).toEqual(['TimeoutError', true, false, 'a']);
  });
});

describe('timers in scripts', () => {
  it('are objects as in Node, and numbers', async () => {
    const body = `const seen = []; const timer = setTimeout(() => seen.push('never'), 5);
      const said = [timer.hasRef(), timer.unref() === timer, timer.hasRef(), timer.ref().hasRef(), typeof +timer, +timer > 0];
      clearTimeout(+timer); clearTimeout(String(+setTimeout(() => seen.push('never'), 5))); clearTimeout(setTimeout(() => seen.push('never'), 5)); setTimeout(() => seen.push('never'), 5).close();
      clearTimeout(undefined); clearTimeout(null); clearInterval({});
      const interval = setInterval(() => { seen.push('tick'); clearInterval(interval) }, 1).unref();
      await new Promise((done) => setImmediate(done, 1).unref());
      await new Promise((done) => setTimeout(done, 60));
      return [said, seen]`;
    expect(await output(body)).toEqual([[true, true, false, true, 'number', true], ['tick']]);
  });

  it('wait anew when they are refreshed', async () => {
    const body = `const seen = []; const timer = setTimeout(() => seen.push('timer'), 200); setTimeout(() => timer.refresh(), 100);
      await new Promise((done) => setTimeout(done, 250)); seen.push('250'); await new Promise((done) => setTimeout(done, 150)); timer.refresh();
      await new Promise((done) => setTimeout(done, 300)); return seen`;
    expect(await output(body)).toEqual(['250', 'timer', 'timer']);
  });
});

describe('the answer of a fetch in scripts', () => {
  const respond: Respond = () => ({ headers: { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] }, body: 'hällo' });
  const get = "const get = () => nango.uncontrolledFetch({ url: new URL('https://api.example/') });";

  it('is read in every form, and again from a clone', async () => {
    const body = `${get} const response = await get(); const clone = response.clone();
      const blob = await response.blob(); let refusal; try { response.clone() } catch (error) { refusal = error.name }
      return [blob.size, blob.type, await blob.text(), await blob.slice(0, 1).text(), await clone.text(), response.bodyUsed, clone.bodyUsed, refusal, (await (await get()).bytes()).length, (await (await get()).arrayBuffer()).byteLength, response.headers.getSetCookie(), response.type]`;
    expect(await output(body, { respond })).toEqual([6, 'text/plain', 'hällo', 'h', 'hällo', true, true, 'TypeError', 6, 6, [], 'basic']);
  });

  it('has a body to be read piece by piece', async () => {
    const body = `${get} const pieces = []; const one = await get(); for await (const piece of one.body) pieces.push(piece.length);
      const other = await get(); const reader = other.body.getReader(); const first = await reader.read(); const second = await reader.read();
      const locked = await other.text().catch((error) => error.name);
      return [pieces, one.bodyUsed, first.value.length, second, locked, new TextDecoder().decode(first.value)]`;
    expect(await output(body, { respond })).toEqual([[6], true, 6, { done: true }, 'TypeError', 'hällo']);
  });

  it('says what it cannot be read as', async () => {
    expect((await errorOf(`${get} await (await get()).formData()`, { respond })).message).toContain('response.formData() is not available in scripts');
    expect((await errorOf(`${get} (await get()).body.pipeTo({})`, { respond })).message).toContain('response.body.pipeTo() is not available in scripts');
  });
});
