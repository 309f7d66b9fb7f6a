package io.mqttrelay.dispatch.sink.http.net;

import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.tls.FileVersions;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.OkHttpClient;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * TLS towards one address whose files may be replaced while the relay runs: every new connection uses their present
 * content. If the files cannot be used, such as a certificate whose key is not written yet, the old content stays in
 * use.
 */
public final class RenewedTls extends SSLSocketFactory {
    private static final Logger log = LogManager.getLogger(RenewedTls.class);

    private final String display;
    private final TlsSettings settings;

    // guarded by this
    private FileVersions versions;
    private CallbackTls tls;

    /**
     * Reads the files.
     *
     * @param display the address without its secrets
     * @throws UnusableAddressException naming the file that cannot be used, and why
     */
    public RenewedTls(String display, TlsSettings settings) {
        this.display = display;
        this.settings = settings;
        this.versions = versions();
        this.tls = CallbackTls.of(settings);
    }

    private FileVersions versions() {
        return FileVersions.of(settings.caFile(), settings.certFile(), settings.keyFile());
    }

    synchronized void apply(OkHttpClient.Builder client) {
        client.sslSocketFactory(this, tls.trust());
    }

    private synchronized SSLSocketFactory current() {
        FileVersions now = versions();
        if (!now.equals(versions)) {
            versions = now; // even if it fails: once per change
            renew();
        }
        return tls.sockets();
    }

    private void renew() {
        try {
            tls = CallbackTls.of(settings);
            log.info("callback {}: its TLS files were replaced, new connections use them", display);
        } catch (UnusableAddressException e) {
            log.warn(
                    "callback {}: its TLS files were replaced and cannot be used, the old ones stay in use: {}",
                    display,
                    e.getMessage());
        }
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return current().createSocket(socket, host, port, autoClose);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return current().getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return current().getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw onlyOverGuardedSockets();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw onlyOverGuardedSockets();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw onlyOverGuardedSockets();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) throws IOException {
        throw onlyOverGuardedSockets();
    }

    private static IOException onlyOverGuardedSockets() {
        return new IOException("TLS only over a socket that is already connected");
    }
}
