namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for where a record is declared; .NET Standard has none.</summary>
internal static class IsExternalInit
{
}
