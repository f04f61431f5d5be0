import { SetMetadata } from '@nestjs/common';

export const isPublic = Symbol('isPublic');

/** Exempts a controller or handler from the secret-key guard; whoever uses it sees to access otherwise. */
export const Public = () => SetMetadata(isPublic, true);
