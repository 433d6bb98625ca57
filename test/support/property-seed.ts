/**
 * What random tests begin from: the same each time, so that a change is judged by itself. Others are for whoever looks
 * for more (`PROPERTY_SEED=$RANDOM`); a test that fails prints the one it had.
 */
export const propertySeed = Number(process.env['PROPERTY_SEED'] ?? 363308);
