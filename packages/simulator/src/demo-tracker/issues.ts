/** One issue of the demo tracker. */
export interface Issue {
  id: string;
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  labels: string[];
  assignee: { id: string; name: string };
  comments: { id: string; text: string; author: string; created_at: string }[];
  created_at: string;
  updated_at: string;
}

/** What the tracker can be told through `POST /control`. */
export interface Settings {
  /** How many issues there are, those added by calls included; fewer than now removes the oldest ones. */
  issues: number;
  /** Changes a few issues with every step; steps by itself every `changeEverySeconds` unless that is 0. */
  generation: number;
  changeEverySeconds: number;
  /** How long each answer waits. */
  delayMs: number;
  /** Calls per minute before a 429. */
  rateLimit: number;
  /** Lifetime of OAuth access tokens. */
  tokenSeconds: number;
}

const people = ['Ada', 'Grace', 'Linus', 'Margaret', 'Edsger'].map((name, n) => ({ id: `user-${n + 1}`, name }));
const labels = ['bug', 'feature', 'docs', 'question', 'good first issue'];
const changesPerGeneration = 3;
const firstDay = Date.UTC(2026, 0, 1);

/** The tracker's data: made by rule, so that every start shows the same issues, and changing a little with each generation. */
export class IssueBoard {
  private all: Issue[] = [];
  private lastNumber = 0;
  private generation = 0;

  constructor(count: number) {
    this.resize(count);
  }

  list({ updatedSince }: { updatedSince?: Date | undefined } = {}): Issue[] {
    return updatedSince ? this.all.filter((issue) => Date.parse(issue.updated_at) >= updatedSince.getTime()) : this.all;
  }

  find(id: string): Issue | undefined {
    return this.all.find((issue) => issue.id === id);
  }

  /** An issue that a caller made. */
  create({ title, body, labels: given }: { title: string; body: string; labels: string[] }): Issue {
    const issue = { ...anIssue(++this.lastNumber, new Date()), title, body, labels: given, state: 'open' as const };
    this.all.push(issue);
    return issue;
  }

  comment(issue: Issue, text: string): Issue['comments'][number] {
    const comment = { id: `${issue.id}-c${issue.comments.length + 1}`, text, author: 'Ada', created_at: new Date().toISOString() };
    issue.comments.push(comment);
    issue.updated_at = comment.created_at;
    return comment;
  }

  /** Grows at the end, shrinks at the front: what is gone is gone for good. */
  resize(count: number): void {
    if (count < this.all.length) this.all = this.all.slice(this.all.length - count);
    while (this.all.length < count) this.all.push(anIssue(++this.lastNumber, new Date(firstDay + this.lastNumber * 60_000)));
  }

  /** Steps to a generation, changing a few issues at every step. */
  stepTo(generation: number): void {
    for (; this.generation < generation; this.generation++) this.changeSome();
    this.generation = generation;
  }

  get state(): { issues: number; generation: number } {
    return { issues: this.all.length, generation: this.generation };
  }

  private changeSome(): void {
    for (let n = 0; n < Math.min(changesPerGeneration, this.all.length); n++) {
      const issue = this.all[(this.generation * 7 + n * 11) % this.all.length];
      if (!issue) continue;
      issue.state = issue.state === 'open' ? 'closed' : 'open';
      issue.updated_at = new Date().toISOString();
    }
  }
}

function anIssue(number: number, at: Date): Issue {
  const assignee = people[number % people.length] ?? { id: 'user-1', name: 'Ada' };
  return {
    id: `issue-${number}`,
    number,
    title: `Issue ${number}: ${labels[number % labels.length]} in module ${number % 17}`,
    body: `Reported by ${assignee.name}. Steps to reproduce: open page ${number % 40}, press the button twice, wait.`,
    state: number % 4 === 0 ? 'closed' : 'open',
    labels: [labels[number % labels.length] ?? 'bug'],
    assignee,
    comments: [],
    created_at: at.toISOString(),
    updated_at: at.toISOString(),
  };
}
