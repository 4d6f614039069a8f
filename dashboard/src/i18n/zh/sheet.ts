export const sheet = { title: '' };
