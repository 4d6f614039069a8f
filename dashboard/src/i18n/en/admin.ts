export const admin = { title: '' };
