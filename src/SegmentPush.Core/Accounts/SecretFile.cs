using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;

namespace SegmentPush.Accounts;

/// <summary>
/// A client secret in a file, protected with the platform's own means: Windows encrypts it for this user; elsewhere nobody
/// but its owner can read it.
/// </summary>
internal static class SecretFile
{
    private const int MaxBytes = 64 * 1024;

    // Files of another program that Windows protects for the same user are no secrets of ours.
    private static readonly byte[] s_purpose = "SegmentPush client secret"u8.ToArray();

    /// <summary>How this platform protects the file.</summary>
    public static SecretStore Protection => OperatingSystem.IsWindows() ? SecretStore.Protected : SecretStore.File;

    /// <summary>Writes a secret, over the one that is there.</summary>
    public static void Write(string path, SecureString secret)
    {
        var characters = new char[secret.Length];
        byte[] bytes = [];
        var copy = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            Marshal.Copy(copy, characters, 0, characters.Length);
            bytes = Encoding.UTF8.GetBytes(characters);
            byte[] content = OperatingSystem.IsWindows() ? ProtectedData.Protect(bytes, s_purpose, DataProtectionScope.CurrentUser) : bytes;
            PrivateFile.Write(path, content, isSecret: true);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(copy);
            Array.Clear(characters);
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Reads a secret.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">The file holds none.</exception>
    /// <exception cref="CryptographicException">Windows can't decrypt it: it was protected for another user, or elsewhere.</exception>
    /// <exception cref="SegmentPushException">Others can read it (<c>SecretFileExposed</c>).</exception>
    public static SecureString Read(string path)
    {
        if (PrivateFile.IsExposed(path))
        {
            throw new SegmentPushException(
                "SecretFileExposed",
                $"The file of the client secret '{path}' can be read or written by others than you, so it is not used.",
                $"{PrivateFile.HowToClose(path)}. If others may have read it, make a new client secret and delete the old one.",
                path);
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (file.Length > MaxBytes) throw new InvalidDataException(MessageText.Say("It is too large."));
        byte[] bytes = new byte[file.Length];
        try
        {
            file.ReadExactly(bytes);
            if (OperatingSystem.IsWindows())
            {
                byte[] content = bytes;
                bytes = ProtectedData.Unprotect(content, s_purpose, DataProtectionScope.CurrentUser);
            }

            return Text(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static SecureString Text(ReadOnlySpan<byte> bytes)
    {
        // An editor ends the last line.
        bytes = bytes.TrimEnd("\r\n"u8);
        if (bytes.IsEmpty) throw new InvalidDataException(MessageText.Say("It is empty."));
        var characters = new char[bytes.Length];
        try
        {
            int length = new UTF8Encoding(false, throwOnInvalidBytes: true).GetChars(bytes, characters);
            var secret = new SecureString();
            foreach (char c in characters.AsSpan(0, length)) secret.AppendChar(c);
            secret.MakeReadOnly();
            return secret;
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException(MessageText.Say("It is no text."));
        }
        finally
        {
            Array.Clear(characters);
        }
    }
}
