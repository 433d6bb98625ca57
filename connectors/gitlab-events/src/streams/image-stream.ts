export const images = { name: 'images' } as const;
