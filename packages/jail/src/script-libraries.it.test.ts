import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { errorOf, output, ownPool, run } from './test/run-script.js';

ownPool();

type Entry = { name: string; content: Buffer; stored?: boolean };

/** A zip file as any program writes it: local headers with their data, then the directory. */
function zipOf(entries: Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored = false } of entries) {
    const data = stored ? content : deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, place, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06'), end]);
}

const wsdl = `<?xml version="1.0" encoding="UTF-8"?>
<definitions name="Weather" targetNamespace="http://weather.example/" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="http://weather.example/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <types><xsd:schema targetNamespace="http://weather.example/" elementFormDefault="qualified">
    <xsd:element name="GetWeather"><xsd:complexType><xsd:sequence><xsd:element name="city" type="xsd:string"/></xsd:sequence></xsd:complexType></xsd:element>
    <xsd:element name="GetWeatherResponse"><xsd:complexType><xsd:sequence><xsd:element name="degrees" type="xsd:int"/></xsd:sequence></xsd:complexType></xsd:element>
  </xsd:schema></types>
  <message name="In"><part name="parameters" element="tns:GetWeather"/></message>
  <message name="Out"><part name="parameters" element="tns:GetWeatherResponse"/></message>
  <portType name="Port"><operation name="GetWeather"><input message="tns:In"/><output message="tns:Out"/></operation></portType>
  <binding name="Binding" type="tns:Port"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="GetWeather"><soap:operation soapAction="urn:GetWeather"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
  <service name="Weather"><port name="Port" binding="tns:Binding"><soap:address location="https://weather.example/soap"/></port></service>
</definitions>`;

const weather = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><GetWeatherResponse xmlns="http://weather.example/"><degrees>21</degrees></GetWeatherResponse></soap:Body></soap:Envelope>`;

describe('the libraries that scripts may import', () => {
  describe('unzipper', () => {
    const files = [
      { name: 'folder/', content: Buffer.alloc(0), stored: true },
      { name: 'folder/ü.txt', content: Buffer.from('héllo '.repeat(50_000)) },
      { name: 'plain.bin', content: Buffer.from([0, 255, 1, 254]), stored: true },
    ];

    it('opens a buffer, lists it and reads its entries', async () => {
      const body = `const unzipper = require('unzipper'); const directory = await unzipper.Open.buffer(Buffer.from(input, 'base64'));
        const read = []; for (const file of directory.files) read.push([file.path, file.type, file.uncompressedSize, file.type === 'File' ? require('crypto').createHash('sha256').update(await file.buffer()).digest('hex') : null]);
        return read;`;
      const expected = files.map(({ name, content }) => [
        name,
        name.endsWith('/') ? 'Directory' : 'File',
        content.length,
        name.endsWith('/') ? null : createHash('sha256').update(content).digest('hex'),
      ]);
      expect(await output(body, { input: zipOf(files).toString('base64') })).toEqual(expected);
    });

    it('reads a stream entry by entry', async () => {
      const body = `const parser = require('unzipper').Parse({ forceStream: true }); parser.end(Buffer.from(input, 'base64'));
        const seen = []; for await (const entry of parser) seen.push([entry.path, (await entry.buffer()).length]); return seen;`;
      expect(await output(body, { input: zipOf(files).toString('base64') })).toEqual(files.map(({ name, content }) => [name, content.length]));
    });

    it('tells of what is no zip, and that there are no files', async () => {
      expect((await errorOf(`return require('unzipper').Open.buffer(Buffer.from('no zip'))`)).message).toMatch(/FILE_ENDED/);
      expect((await errorOf(`return require('unzipper').Open.file('/etc/passwd')`)).message).toMatch(
        /graceful-fs.*not available in scripts: they have no files/,
      );
    });

    it('reads what the zip program of this machine would write', async () => {
      const python = `import zipfile,io,sys;b=io.BytesIO();z=zipfile.ZipFile(b,'w',zipfile.ZIP_DEFLATED);z.writestr('a/b.csv','id,name\\n'*1000);z.close();sys.stdout.buffer.write(b.getvalue())`;
      const zip = execFileSync('python3', ['-c', python]);
      const body = `const { files } = await require('unzipper').Open.buffer(Buffer.from(input, 'base64')); return [files[0].path, (await files[0].buffer()).toString().length]`;
      expect(await output(body, { input: zip.toString('base64') })).toEqual(['a/b.csv', 8_000]);
    });
  });

  describe('soap', () => {
    it('reads a WSDL, calls through the platform and reads the answer', async () => {
      const body = `const soap = require('soap'); const client = await soap.createClientAsync(input);
        const [result, raw, , request] = await client.GetWeatherAsync({ city: 'Zürich & <Bern>' });
        return { described: client.describe(), result, raw, request };`;
      const { outcome, heard } = await run(body, { input: wsdl, respond: () => ({ status: 200, headers: { 'content-type': 'text/xml' }, body: weather }) });
      expect(outcome).toMatchObject({
        kind: 'succeeded',
        output: {
          described: { Weather: { Port: { GetWeather: { input: { city: 'xsd:string' } } } } },
          result: { degrees: 21 },
          raw: weather,
          request: expect.stringContaining('<city>Zürich &amp; &lt;Bern&gt;</city>'),
        },
      });
      expect(heard.calls).toMatchObject([
        { method: 'POST', endpoint: 'https://weather.example/soap', uncontrolled: true, headers: { soapaction: '"urn:GetWeather"' } },
      ]);
    });

    it('calls as its own connection where the script gives it a client that does', async () => {
      const body = `const soap = require('soap');
        const httpClient = { request: (url, data, done, headers) => void nango.post({ endpoint: '/soap', data, headers }).then((answer) => done(null, answer, answer.data), done) };
        const client = await soap.createClientAsync(input, { httpClient }); client.addSoapHeader({ token: 't' });
        return (await client.GetWeatherAsync({ city: 'Bern' }))[0];`;
      const { outcome, heard } = await run(body, { input: wsdl, respond: () => ({ status: 200, headers: { 'content-type': 'text/xml' }, body: weather }) });
      expect(outcome).toEqual({ kind: 'succeeded', output: { degrees: 21 } });
      expect(heard.calls).toMatchObject([{ method: 'POST', endpoint: '/soap', uncontrolled: false }]);
      expect(Buffer.from(heard.calls[0]?.dataBase64 ?? '', 'base64').toString()).toContain('<soap:Header><token>t</token></soap:Header>');
    });

    it('signs with a user name, and refuses what needs files or sockets when it is used', async () => {
      expect(
        await output(`const security = new (require('soap').WSSecurity)('ada', 'pass', { passwordType: 'PasswordDigest' }); return security.toXML()`),
      ).toContain('<wsse:Username>ada</wsse:Username>');
      expect((await errorOf(`return require('soap').createClientAsync('/etc/passwd')`)).message).toContain('not available in scripts: they have no files');
      expect((await errorOf(`new (require('soap').ClientSSLSecurity)('/key.pem', '/cert.pem')`)).message).toContain(
        'fs.readFileSync is not available in scripts',
      );
    });
  });

  describe('botbuilder', () => {
    it('builds messages, cards and activities', async () => {
      const body = `const { CardFactory, MessageFactory, ActivityTypes, ActionTypes, TextFormatTypes, TurnContext } = require('botbuilder');
        const card = CardFactory.heroCard('Title', 'Text', ['https://x.example/i.png'], [{ type: ActionTypes.OpenUrl, title: 'Open', value: 'https://x.example' }]);
        const adaptive = CardFactory.adaptiveCard({ type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text: 'Hi' }] });
        const activity = MessageFactory.attachment(card, 'hello');
        const reference = TurnContext.getConversationReference({ type: ActivityTypes.Message, id: '1', channelId: 'msteams', from: { id: 'u' }, recipient: { id: 'b' }, conversation: { id: 'c' }, serviceUrl: 'https://smba.example' });
        return { activity, adaptive, list: MessageFactory.list([card, card]).attachmentLayout, suggested: MessageFactory.suggestedActions(['a', 'b']).suggestedActions.actions.length, markdown: TextFormatTypes.Markdown, reference, types: [ActivityTypes.Message, ActivityTypes.Typing] };`;
      expect(await output(body)).toMatchObject({
        activity: {
          type: 'message',
          text: 'hello',
          attachments: [{ contentType: 'application/vnd.microsoft.card.hero', content: { title: 'Title', buttons: [{ type: 'openUrl', title: 'Open' }] } }],
        },
        adaptive: { contentType: 'application/vnd.microsoft.card.adaptive', content: { version: '1.4' } },
        list: 'list',
        suggested: 2,
        markdown: 'markdown',
        reference: { conversation: { id: 'c' }, serviceUrl: 'https://smba.example' },
        types: ['message', 'typing'],
      });
    });

    it('runs a bot over its own test adapter', async () => {
      const body = `const { ActivityHandler, TestAdapter, ConversationState, MemoryStorage } = require('botbuilder');
        const state = new ConversationState(new MemoryStorage()); const count = state.createProperty('count');
        class Bot extends ActivityHandler { constructor() { super(); this.onMessage(async (context, next) => { const n = (await count.get(context, 0)) + 1; await count.set(context, n); await state.saveChanges(context); await context.sendActivity(n + ': ' + context.activity.text); await next(); }); } }
        const bot = new Bot(); const adapter = new TestAdapter((context) => bot.run(context));
        await adapter.send('a').assertReply('1: a').send('b').assertReply('2: b').startTest(); return 'talked';`;
      expect(await output(body)).toBe('talked');
    });

    it('opens no connections, and says so when it is to', async () => {
      const body = `const { ConnectorClient, MicrosoftAppCredentials, CloudAdapter } = require('botbuilder'); return CloudAdapter ? new (require('botbuilder').BotFrameworkAdapter)({}).createConnectorClient('https://smba.example') : 1`;
      expect((await errorOf(body)).message).toContain('not available in scripts: they open no connections');
    });
  });

  it('cost a script nothing that does not import them', () => {
    const realm = readFileSync(new URL('../../script/dist/bundle/realm.js', import.meta.url), 'utf8');
    expect(realm.length).toBeLessThan(300_000);
    expect(realm).not.toMatch(/node-soap|unzipper\/lib|botframework/);
  });
});
