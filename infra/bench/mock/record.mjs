const lorem = 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor';

/** A record of the bench: about 300 bytes of JSON. */
export function record(number, { generation, changedPct }) {
  return {
    id: `rec_${String(number).padStart(8, '0')}`,
    name: `Contact number ${number}`,
    email: `user${number}@example.com`,
    company: `Company ${number % 997}`,
    amount: (number * 37) % 10007,
    active: number % 3 !== 0,
    rev: generation > 0 && number % 100 < changedPct ? generation : 0,
    created_at: new Date(1700000000000 + number * 1000).toISOString(),
    tags: ['alpha', 'beta', `t${number % 17}`],
    note: lorem.slice(0, 60 + (number % 16)),
  };
}
