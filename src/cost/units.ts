import { Decimal } from "./decimal";

/** A month is 730 hours (8,760 / 12), as AWS and Infracost count it. */
export const HOURS_PER_MONTH = Decimal.of(730);
const SECONDS_PER_HOUR = Decimal.of(3600);
/** A GB on a bill is 2^30 bytes (AWS) or called GiB (Google); in decimals 2^-30 is finite, so nothing rounds. */
const BYTES_PER_GB = Decimal.of(1024 ** 3);
const GB_PER_BYTE = Decimal.one.dividedBy(BYTES_PER_GB, 30);
const PERCENT = Decimal.of("0.01");
/** Quantities that would not end, or not soon, are kept to this many places: far below a cent on any bill. */
export const PLACES = 12;

export const monthlyFromHourly = (hourly: Decimal): Decimal => hourly.times(HOURS_PER_MONTH);
export const hourlyFromMonthly = (monthly: Decimal): Decimal => monthly.dividedBy(HOURS_PER_MONTH, PLACES);
export const hourlyFromSeconds = (perSecond: Decimal): Decimal => perSecond.times(SECONDS_PER_HOUR);
export const secondsFromHourly = (perHour: Decimal): Decimal => perHour.dividedBy(SECONDS_PER_HOUR, PLACES);
export const gbFromBytes = (bytes: Decimal): Decimal => bytes.times(GB_PER_BYTE);
export const bytesFromGb = (gb: Decimal): Decimal => gb.times(BYTES_PER_GB);
export const fromPercent = (percent: Decimal): Decimal => percent.times(PERCENT);
