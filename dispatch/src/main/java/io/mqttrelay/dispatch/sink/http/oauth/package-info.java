/**
 * Access tokens of OAuth2 client credentials: requested from a token server, kept until their end, shared by the
 * addresses with the same settings. {@link io.mqttrelay.dispatch.sink.http} asks for a token before a call. The thread of
 * a call requests a token that is missing; renewals ahead of the end have a few threads for all token servers.
 */
@NullMarked
package io.mqttrelay.dispatch.sink.http.oauth;

import org.jspecify.annotations.NullMarked;
