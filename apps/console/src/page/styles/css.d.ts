/** Styles of a view that is loaded when it is first shown. */
declare module '*.css';
