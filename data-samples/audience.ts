/** Where visitors are, what they hold in their hands and what brought them: name, then weight. */
import { cumulate } from "./draw.ts";

/** A place, in GA4's words, with its distance from UTC. */
export interface Place {
  readonly continent: string;
  readonly sub_continent: string;
  readonly country: string;
  readonly region: string;
  readonly city: string;
}

/** A device, in GA4's words. */
export interface Device {
  readonly category: string;
  readonly operating_system: string;
  readonly language: string;
  readonly web_info: { readonly browser: string };
}

/** What brought a visitor the first time, in GA4's words. */
export interface Source {
  readonly medium: string;
  readonly name: string;
  readonly source: string;
}

/** weight, UTC offset in hours, continent, sub-continent, country, region, city */
const PLACE_ROWS: readonly (readonly [number, number, string, string, string, string, string])[] = [
  [16, -8, "Americas", "Northern America", "United States", "California", "Los Angeles"],
  [14, -5, "Americas", "Northern America", "United States", "New York", "New York"],
  [8, -6, "Americas", "Northern America", "United States", "Texas", "Austin"],
  [7, -6, "Americas", "Northern America", "United States", "Illinois", "Chicago"],
  [5, -8, "Americas", "Northern America", "United States", "Washington", "Seattle"],
  [6, -5, "Americas", "Northern America", "Canada", "Ontario", "Toronto"],
  [3, -8, "Americas", "Northern America", "Canada", "British Columbia", "Vancouver"],
  [3, -3, "Americas", "South America", "Brazil", "State of Sao Paulo", "Sao Paulo"],
  [7, 0, "Europe", "Northern Europe", "United Kingdom", "England", "London"],
  [5, 1, "Europe", "Western Europe", "Germany", "Berlin", "Berlin"],
  [4, 1, "Europe", "Western Europe", "France", "Ile-de-France", "Paris"],
  [3, 1, "Europe", "Southern Europe", "Spain", "Community of Madrid", "Madrid"],
  [2, 1, "Europe", "Northern Europe", "Sweden", "Stockholm County", "Stockholm"],
  [7, 5.5, "Asia", "Southern Asia", "India", "Karnataka", "Bengaluru"],
  [4, 9, "Asia", "Eastern Asia", "Japan", "Tokyo", "Tokyo"],
  [3, 8, "Asia", "Southeast Asia", "Singapore", "", "Singapore"],
  [3, 11, "Oceania", "Australasia", "Australia", "New South Wales", "Sydney"],
];

/** weight, category, operating system, language, browser */
const DEVICE_ROWS: readonly (readonly [number, string, string, string, string])[] = [
  [26, "desktop", "Windows", "en-us", "Chrome"],
  [6, "desktop", "Windows", "en-gb", "Edge"],
  [4, "desktop", "Windows", "de-de", "Firefox"],
  [14, "desktop", "Macintosh", "en-us", "Chrome"],
  [7, "desktop", "Macintosh", "en-us", "Safari"],
  [20, "mobile", "iOS", "en-us", "Safari"],
  [4, "mobile", "iOS", "fr-fr", "Safari"],
  [15, "mobile", "Android", "en-us", "Chrome"],
  [3, "mobile", "Android", "es-es", "Samsung Internet"],
  [1, "tablet", "iOS", "en-us", "Safari"],
  [1, "tablet", "Android", "en-us", "Chrome"],
];

/** weight, medium, campaign name, source */
const SOURCE_ROWS: readonly (readonly [number, string, string, string])[] = [
  [34, "organic", "(organic)", "google"],
  [24, "(none)", "(direct)", "(direct)"],
  [14, "cpc", "holiday_search", "google"],
  [8, "referral", "(referral)", "blog.example.org"],
  [9, "email", "weekly_letter", "newsletter"],
  [6, "social", "winter_looks", "instagram"],
  [3, "organic", "(organic)", "bing"],
  [2, "affiliate", "price_watch", "compare.example.net"],
];

/** Places of the audience. */
export const PLACES: readonly Place[] = PLACE_ROWS.map(
  ([, , continent, sub_continent, country, region, city]) => (
    { continent, sub_continent, country, region, city }
  ),
);

/** Distance of each place from UTC in January, hours, east positive. */
export const UTC_OFFSETS: readonly number[] = PLACE_ROWS.map(([, offset]) => offset);

/** Devices of the audience. */
export const DEVICES: readonly Device[] = DEVICE_ROWS.map(
  ([, category, operating_system, language, browser]) => (
    { category, operating_system, language, web_info: { browser } }
  ),
);

/** What brings the audience. */
export const SOURCES: readonly Source[] = SOURCE_ROWS.map(
  ([, medium, name, source]) => ({ medium, name, source }),
);

/** Running shares of places, devices and sources. */
export const AUDIENCE = {
  places: cumulate(PLACE_ROWS.map(([weight]) => weight)),
  devices: cumulate(DEVICE_ROWS.map(([weight]) => weight)),
  sources: cumulate(SOURCE_ROWS.map(([weight]) => weight)),
};
