/**
 * A shop of two groups of four products, A and B, and of six users who buy from A and six from B,
 * worked out by hand. User a_i buys all of A but A_(i mod 4), in three rounds; so do the others with
 * B. After these 36 purchases, four fifths of all, a0 … a5, b0, b2 and b4 buy what they lacked.
 */
import { event, type GaEvent } from "../fixtures.ts";

const USERS = ["a", "b"].flatMap((taste) => [0, 1, 2, 3, 4, 5].map((i) => `${taste}${i}`));
/** Who buys after the split. */
export const LATER_BUYERS = ["a0", "a1", "a2", "a3", "a4", "a5", "b0", "b2", "b4"];

/** What a user does not buy before the split. */
export function lacking(user: string): string {
  return `${user[0].toUpperCase()}${Number(user[1]) % 4}`;
}

/** The product that a user buys in a round, 1 … 3. */
function bought(user: string, round: number): string {
  return `${user[0].toUpperCase()}${(Number(user[1]) + round) % 4}`;
}

function purchase(user: string, product: string, minute: number): GaEvent {
  const made = event({ user, minute, session: 1, name: "purchase", order: `T${minute}` });
  const item = { item_name: product, item_category: product[0], price: 10, quantity: 1 };
  const ecommerce = { unique_items: 1, transaction_id: `T${minute}` };
  return { ...made, ecommerce, items: [item] };
}

/** Everything that happened, in order of time. */
export const TWO_TASTES: readonly GaEvent[] = [
  ...[1, 2, 3].flatMap((round) => USERS.map((user) => [user, bought(user, round)])),
  ...LATER_BUYERS.map((user) => [user, lacking(user)]),
].map(([user, product], minute) => purchase(user, product, minute));
