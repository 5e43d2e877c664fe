/** The router's link, so that pages import one thing. */
export { Link } from "@tanstack/react-router";
