// What core code sees when it imports 'electron': nothing, so that using it there does not compile.
// Only electron/main and electron/preload, which have their own tsconfig, see the real types.
export {};
