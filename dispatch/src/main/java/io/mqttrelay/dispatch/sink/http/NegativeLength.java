package io.mqttrelay.dispatch.sink.http;

import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Fails an exchange whose answer has a negative {@code Content-Length}: its body can be neither read nor closed (both
 * throw), and its connection would count as in use for ever.
 */
final class NegativeLength implements Interceptor {
    private static final long UNKNOWN = -1;

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        if (response.body().contentLength() < UNKNOWN) {
            throw new ProtocolException("negative Content-Length");
        }
        return response;
    }
}
